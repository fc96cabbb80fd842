import { AppError } from "../core/errors.ts";
import { deepest, measure } from "../core/json-shape.ts";
import { faults } from "../core/parameters.ts";
import type { ReadPlaces } from "../core/place-book.ts";
import { mostPlaces, type PlaceExport, PlaceExportSchema } from "../core/saved-place.ts";
import { readGeoJson } from "./geojson.ts";
import { newReading, type Reading, skip, take, unreadable } from "./reading.ts";

const mostBytes = 50 * 1024 * 1024;
/** Commas and colons outside strings: a place has some twenty of them. */
const mostValues = 1_000_000;

/**
 * Reads a file of places: Google Takeout's zip, its GeoJSON or CSV, or our own export. What it is, its content tells.
 * @throws AppError invalid_parameters, payload_too_large
 */
export async function readPlaces(name: string, bytes: Uint8Array): Promise<ReadPlaces> {
  if (bytes.length > mostBytes)
    throw new AppError("payload_too_large", `${name.slice(0, 80)} is larger than 50 MB`, {
      hint: "Take out only the lists: Saved and Maps (your places).",
    });
  const reading = newReading();
  if (bytes[0] === 0x50 && bytes[1] === 0x4b) await readZip(name, bytes, reading);
  else if (!(await readText(name, decode(name, bytes), reading)))
    throw unreadable(name, "holds no places in a form that is understood");
  if (reading.places.length > mostPlaces) throw unreadable(name, `holds more than ${mostPlaces} places`);
  return reading;
}

async function readZip(name: string, bytes: Uint8Array, reading: Reading): Promise<void> {
  const { unzip } = await import("./zip.ts");
  let understood = 0;
  for await (const file of unzip(name, bytes)) {
    if (await readText(file.name, file.text, reading)) understood += 1;
    else skip(reading, "a file in the zip holds no places");
  }
  if (understood === 0) throw unreadable(name, "holds no places in a form that is understood");
}

/** Whether it was one of ours. @throws AppError invalid_parameters for one that is broken */
async function readText(name: string, text: string, reading: Reading): Promise<boolean> {
  if (!/^\uFEFF?\s*[[{]/.test(text)) return (await import("./csv.ts")).readCsv(name, text, reading);
  const json = parseJson(name, text);
  return readGeoJson(json, reading) || readExport(name, json, reading);
}

function readExport(name: string, json: unknown, reading: Reading): boolean {
  if (typeof json !== "object" || json === null || !("saved_places" in json)) return false;
  const [fault] = faults(PlaceExportSchema, json, "field");
  if (fault) throw unreadable(name, `is no export of mcqueen: ${fault}`);
  for (const place of (json as PlaceExport).saved_places) take(reading, place, "import");
  return true;
}

function parseJson(name: string, text: string): unknown {
  const shape = measure(Buffer.from(text));
  if (shape.depth > deepest) throw unreadable(name, `is nested deeper than ${deepest} levels`);
  if (shape.values > mostValues) throw unreadable(name, "holds too many values");
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    if (error instanceof SyntaxError) throw unreadable(name, "is not valid JSON");
    throw error;
  }
}

function decode(name: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw unreadable(name, "is not a text in UTF-8");
    throw error;
  }
}
