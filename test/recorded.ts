import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../src/sandbox/server.ts";
import type { RecordedAdapter, StandInCheck } from "./recorded/adapter.ts";
import { calCom } from "./recorded/cal-com.ts";
import { gmail } from "./recorded/gmail.ts";
import { googleCalendar } from "./recorded/google-calendar.ts";
import { googleMaps } from "./recorded/google-maps.ts";
import { googleOauth } from "./recorded/google-oauth.ts";
import { googleTakeout } from "./recorded/google-takeout.ts";
import { linkedin, slack, whatsapp } from "./recorded/messaging.ts";
import { nominatim } from "./recorded/nominatim.ts";
import { osrm } from "./recorded/osrm.ts";
import { search } from "./recorded/search.ts";
import { differences } from "./recorded/shape.ts";
import { weather } from "./recorded/weather.ts";

/** One line for each adapter. */
const adapters: readonly RecordedAdapter[] = [
  weather,
  search,
  googleOauth,
  googleCalendar,
  gmail,
  nominatim,
  osrm,
  googleMaps,
  googleTakeout,
  calCom,
  slack,
  whatsapp,
  linkedin,
];

const folder = process.env.FIXTURES_DIR ?? join(import.meta.dir, "../../shared/fixtures");
/** JSON is parsed; other files are given as their text. */
const read = (file: string): Promise<unknown> => {
  const found = Bun.file(join(folder, file));
  return file.endsWith(".json") ? found.json() : found.text();
};
const counts = { read: 0, compared: 0, failed: 0 };

if (existsSync(folder)) await checkAll();
else console.log(`No recorded answers at ${folder}: nothing was checked.`);

async function checkAll(): Promise<void> {
  for (const adapter of adapters) {
    const sandbox = await startSandbox();
    for (const [file, understand] of Object.entries(adapter.files)) {
      await report(file, async () => await understand(await read(file)));
      counts.read += 1;
    }
    for (const name of adapter.folders) {
      const uncovered = readdirSync(join(folder, name))
        .map((file) => `${name}/${file}`)
        .filter((file) => !(file in adapter.files));
      for (const file of uncovered) await report(file, () => Promise.reject(new Error("nothing reads this file")));
    }
    for (const check of adapter.standIns) {
      await report(`stand-in of ${check.files.join(", ")}`, () => compare(check, sandbox));
      counts.compared += 1;
    }
    await sandbox.stop();
  }
  console.log(`${counts.read} recorded answers read, ${counts.compared} stand-ins compared, ${counts.failed} failed`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
}

async function compare(check: StandInCheck, sandbox: Sandbox): Promise<string> {
  const recorded = await Promise.all(check.files.map(read));
  const made = await check.ask(sandbox);
  if (check.exact) {
    if (!recorded.some((each) => Bun.deepEquals(each, made))) throw new Error(`the body is ${JSON.stringify(made)}`);
    return "the same body";
  }
  const found = differences(recorded, made, check.documented ?? []).filter(
    (each) => !check.unasked?.some((path) => each.startsWith(`${path} is in every recorded`)),
  );
  if (found.length > 0) throw new Error(found.join("; "));
  return "the same shape";
}

async function report(what: string, check: () => Promise<string>): Promise<void> {
  try {
    console.log(`✓ ${what}: ${await check()}`);
  } catch (error) {
    counts.failed += 1;
    console.log(`✗ ${what}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
