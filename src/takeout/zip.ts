import { strFromU8, unzipSync } from "fflate";
import { AppError } from "../core/errors.ts";
import { unreadable } from "./reading.ts";

const mostEntries = 20_000;
const mostWanted = 500;
/** Bytes of all files that are unpacked together. */
const mostUnpacked = 50 * 1024 * 1024;

interface Entry {
  /** Its place in the zip: two may bear one name. */
  at: number;
  name: string;
  size: number;
}

/**
 * Unpacks the JSON and CSV files of a zip, in memory and one after the other: no path of it is ever written.
 * @throws AppError invalid_parameters, payload_too_large
 */
export async function* unzip(file: string, bytes: Uint8Array): AsyncGenerator<{ name: string; text: string }> {
  const entries = list(file, bytes);
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > mostUnpacked || entries.length > mostWanted) {
    throw new AppError(
      "payload_too_large",
      `${file.slice(0, 80)} unpacks to more than is read at once (50 MB, 500 files)`,
      {
        hint: "Take out only the lists: Saved and Maps (your places).",
      },
    );
  }
  for (const { at, name } of entries) {
    // Each file takes the processor for itself, and others get a turn in between.
    await new Promise((resolve) => setImmediate(resolve));
    let seen = 0;
    const unpacked = guarded(file, () => unzipSync(bytes, { filter: () => seen++ === at }))[name];
    if (unpacked) yield { name, text: strFromU8(unpacked) };
  }
}

function list(file: string, bytes: Uint8Array): Entry[] {
  const wanted: Entry[] = [];
  let count = 0;
  const see = (name: string, size: number): false => {
    count += 1;
    if (count > mostEntries) throw unreadable(file, `holds more than ${mostEntries} files`);
    if (/\.(json|csv)$/i.test(name)) wanted.push({ at: count - 1, name, size });
    return false;
  };
  guarded(file, () => unzipSync(bytes, { filter: ({ name, originalSize }) => see(name, originalSize) }));
  return wanted;
}

/** The library's own errors say what is wrong with the zip; ours pass. */
function guarded<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw unreadable(file, `is a damaged zip (${error instanceof Error ? error.message : "not readable"})`);
  }
}
