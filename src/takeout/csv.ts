import { parse } from "papaparse";
import { googleId } from "../core/merge-places.ts";
import { mostPlaces } from "../core/saved-place.ts";
import { nameOfUrl, pointOfUrl, type Reading, skip, take, unreadable } from "./reading.ts";

const mostRows = mostPlaces + 100;
const columns = ["Title", "Note", "URL", "Tags", "Comment"] as const;

/**
 * Reads a saved list of Google Takeout. A description of the list may stand before the header.
 * Gives false for a table of something else.
 * @throws AppError invalid_parameters for too many rows
 */
export function readCsv(file: string, text: string, reading: Reading): boolean {
  const { data } = parse<string[]>(text.replace(/^\uFEFF/, ""), {
    delimiter: ",",
    skipEmptyLines: "greedy",
    preview: mostRows + 1,
  });
  if (data.length > mostRows) throw unreadable(file, `has more than ${mostRows} rows`);
  const header = data.findIndex((row) => row[0] === "Title" && row.includes("URL"));
  if (header === -1) return false;
  const at = Object.fromEntries(columns.map((name) => [name, data[header]?.indexOf(name) ?? -1]));
  for (const row of data.slice(header + 1)) {
    const cell = (name: (typeof columns)[number]): string => (row[at[name] ?? -1] ?? "").trim();
    readRow(cell("Title"), cell("URL"), [cell("Note"), cell("Comment")].filter(Boolean).join("\n"), reading);
  }
  return true;
}

function readRow(title: string, url: string, note: string, reading: Reading): void {
  if (title === "" && url === "" && note === "") return;
  const point = pointOfUrl(url);
  const isOnMap = point !== undefined || googleId(url) !== undefined || /\/maps(\/|\?|$)|\/\/maps\./.test(url);
  if (isOnMap) take(reading, { name: title || nameOfUrl(url), ...point, url, note }, "google_takeout");
  else skip(reading, "its link leads to no place on the map");
}
