import { closeSync, constants, mkdirSync, openSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../src/core/errors.ts";

const longestBytes = 200;
const mostTries = 1_000;
/** Names that Windows keeps for its devices, with any extension. */
const device = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/**
 * A file name made of one that a stranger chose: no path, nothing hidden, nothing that a terminal, a shell or Windows
 * takes for something else.
 */
export function safeFileName(given: string): string {
  const last = given.toWellFormed().normalize("NFC").split(/[/\\]/).at(-1) ?? "";
  const plain = last
    .replace(/\p{C}|\p{Zl}|\p{Zp}/gu, "")
    .replace(/[<>:"|?*\ufffd]/g, "_")
    .replace(/\s+/g, " ")
    .replace(/^[. ]+|[. ]+$/g, "")
    .replace(/^[-~]/, "_");
  const named = device.test(plain.replace(/ +(?=\.|$)/g, "")) ? `_${plain}` : plain;
  return cutName(named) || "attachment";
}

function cutName(name: string): string {
  const [stem, extension] = splitName(name);
  const room = longestBytes - Buffer.byteLength(extension);
  let kept = "";
  let bytes = 0;
  for (const { segment } of new Intl.Segmenter().segment(stem)) {
    bytes += Buffer.byteLength(segment);
    if (bytes > room) break;
    kept += segment;
  }
  return `${kept.trimEnd()}${extension}`.replace(/[. ]+$/, "");
}

/** "report.tar" and ".gz"; what follows the last dot is an extension only when it looks like one. */
function splitName(name: string): [stem: string, extension: string] {
  const extension = /(?<=.)\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? "";
  return [name.slice(0, name.length - extension.length), extension];
}

/**
 * Writes a new file for its owner alone, and overwrites nothing: a taken name gets a number. Gives the path.
 * @throws AppError when the folder cannot be written to
 */
export function saveNew(folder: string, name: string, bytes: Uint8Array): string {
  const [stem, extension] = splitName(safeFileName(name));
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (let tries = 0; tries < mostTries; tries++) {
      const path = join(folder, `${stem}${tries === 0 ? "" : ` (${tries})`}${extension}`);
      const file = openNew(path);
      if (file === undefined) continue;
      try {
        writeFileSync(file, bytes);
      } finally {
        closeSync(file);
      }
      return path;
    }
  } catch (cause) {
    const reason = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    throw new AppError("unavailable", `Nothing can be saved in ${folder}: ${reason}`, {
      hint: "Name a folder that you may write to, and look whether the disk is full.",
      cause,
    });
  }
  throw new AppError("conflict", `${folder} holds ${mostTries} files of this name already`);
}

/** O_EXCL also refuses a link that lies under this name, wherever it points. */
function openNew(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return undefined;
    throw error;
  }
}
