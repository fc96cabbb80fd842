import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { AppError } from "../../src/core/errors.ts";
import { findSaved } from "../../src/core/place-book.ts";
import { exportPlaces, type ListedPlace } from "../../src/core/saved-place.ts";
import type { PlaceBackend } from "../backend.ts";
import type { Cli } from "../cli.ts";
import { showBar } from "../progress-bar.ts";
import { sanitiseLine } from "../sanitise.ts";
import type { Define } from "../verbs.ts";
import { savedTable } from "../views/maps.ts";

interface Parts {
  name?: string;
  address?: string;
  at?: string;
  label?: string;
  note?: string;
}

/** Larger files are no lists of places; the number is the import's own limit. */
const mostBytes = 50 * 1024 * 1024;

export const define: Define = (command, cli) => {
  command
    .command("list")
    .description("your places")
    .action(() => list(cli()));
  command
    .command("add")
    .description("save a place")
    .argument("<name>", "what you call it")
    .option("--address <address>", "where it is; looked up when it is first needed")
    .option("--at <latitude,longitude>", "its point on the map")
    .option("--label <label>", "home, work or any short word")
    .option("--note <text>", "a note of your own")
    .action((name: string, parts: Parts) => add(cli(), name, parts));
  command
    .command("set")
    .description("change a place")
    .argument("<place>", "its name, label or id")
    .option("--name <name>", "what you call it")
    .option("--address <address>", "where it is; its point is looked up anew")
    .option("--at <latitude,longitude>", "its point on the map")
    .option("--note <text>", "a note of your own")
    .action((named: string, parts: Parts) => change(cli(), named, bodyOf(parts)));
  command
    .command("label")
    .description("call a place home, work or any short word; without one, its label goes")
    .argument("<place>", "its name, label or id")
    .argument("[label]")
    .action((named: string, label: string | undefined) => change(cli(), named, { label: label ?? null }));
  command
    .command("remove")
    .description("forget a place")
    .argument("<place>", "its name, label or id")
    .action((named: string) => remove(cli(), named));
  command
    .command("import")
    .description("take over Google Takeout's zip, its Saved Places.json or Saved/*.csv, or an export of ours")
    .argument("<file>")
    .action((file: string) => importFile(cli(), file));
  command
    .command("export")
    .description("your places as JSON that import reads")
    .action(() => exportAll(cli()));
  command.addHelpText("after", examples);
};

async function list(cli: Cli): Promise<void> {
  const places = await (await cli.backend()).places.list();
  cli.out.data({ success: true, places, total: places.length, metadata: {} }, (_, here) =>
    places.length > 0 ? savedTable(places) : here("You have saved no places. Run: mcqueen places import <file>"),
  );
}

async function add(cli: Cli, name: string, parts: Parts): Promise<void> {
  const place = await (await cli.backend()).places.add({ ...bodyOf(parts), name });
  cli.out.data({ success: true, data: place, metadata: {} }, () => `Saved ${shown(place)}.`);
}

async function change(cli: Cli, named: string, body: Record<string, unknown>): Promise<void> {
  const { places } = await cli.backend();
  const place = await places.change((await find(places, named)).id, body);
  cli.out.data({ success: true, data: place, metadata: {} }, () => `Changed ${shown(place)}.`);
}

async function remove(cli: Cli, named: string): Promise<void> {
  const { places } = await cli.backend();
  const place = await find(places, named);
  await places.remove(place.id);
  cli.out.data({ success: true, data: { removed: place.id }, metadata: {} }, () => `Removed ${shown(place)}.`);
}

async function importFile(cli: Cli, file: string): Promise<void> {
  const content = readPlaces(file).toString("base64");
  const { places } = await cli.backend();
  const progress = showBar(cli.out, `Importing ${sanitiseLine(basename(file))}`);
  const done = await places.importFile({ name: basename(file), content }, progress.at).finally(() => progress.end());
  cli.out.data({ success: true, data: done, metadata: {} }, () =>
    [
      `${done.added} added, ${done.updated} updated, ${done.unchanged} known already.`,
      ...done.skipped.map(({ count, reason }) => `${count} skipped: ${sanitiseLine(reason)}`),
    ].join("\n"),
  );
}

async function exportAll(cli: Cli): Promise<void> {
  const exported = exportPlaces(await (await cli.backend()).places.list());
  cli.out.data(exported, () => JSON.stringify(exported, null, 2));
}

const shown = ({ name, label }: ListedPlace): string => sanitiseLine(label ? `${name} (${label})` : name);

/** @throws AppError not_found, conflict when the words fit several */
async function find(places: PlaceBackend, named: string): Promise<ListedPlace> {
  const [place, ...others] = findSaved(await places.list(), named);
  if (!place) throw new AppError("not_found", `There is no saved place ${named}`, { hint: "Run: mcqueen places list" });
  if (others.length === 0) return place;
  const ids = [place, ...others].map(({ id, address }) => `${id}${address ? ` (${address})` : ""}`);
  throw new AppError("conflict", `${named} is the name of ${ids.length} places`, {
    hint: `Name one by its id: ${ids.join(", ")}`,
  });
}

function bodyOf({ at, ...parts }: Parts): Record<string, unknown> {
  if (at === undefined) return { ...parts };
  const found = /^\s*([+-]?\d+(?:\.\d+)?)\s*,\s*([+-]?\d+(?:\.\d+)?)\s*$/.exec(at);
  if (!found) throw new AppError("usage", `--at ${at} is no point`, { hint: "Write it like --at 52.52,13.41" });
  return { ...parts, latitude: Number(found[1]), longitude: Number(found[2]) };
}

function readPlaces(file: string): Buffer {
  let size: number;
  try {
    size = statSync(file).size;
    if (size <= mostBytes) return readFileSync(file);
  } catch (cause) {
    throw new AppError("usage", `The file ${file} cannot be read`, { hint: "Check its name and place.", cause });
  }
  throw new AppError("payload_too_large", `The file ${file} is larger than 50 MB`, {
    hint: "Let Google Takeout give only Saved and Maps (your places).",
  });
}

const examples = `
Examples:
  mcqueen places add "Grandma" --address "Kastanienallee 41, Berlin" --label grandma
  mcqueen places label Office work
  mcqueen places import takeout.zip
  mcqueen places export > places.json`;
