import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A secret in each of the spellings in which it could leak. */
export function spellingsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  // In base64 a text looks otherwise at each of three places; what its neighbours do not touch is searched for.
  const shifted = [0, 1, 2].map((shift) => {
    const made = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
    return made.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + bytes.length) * 8) / 6));
  });
  const inUrl = encodeURIComponent(secret);
  const inForm = new URLSearchParams([["", secret]]).toString().slice(1);
  const inJson = JSON.stringify(secret).slice(1, -1);
  const escaped = [...secret]
    .map((sign) => (/[a-z0-9]/i.test(sign) ? sign : `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`))
    .join("");
  return [
    ...new Set([
      secret,
      ...shifted,
      ...shifted.map((text) => text.replaceAll("+", "-").replaceAll("/", "_")),
      bytes.toString("hex"),
      bytes.toString("hex").toUpperCase(),
      inUrl,
      inUrl.toLowerCase(),
      inForm,
      inJson,
      inJson.replaceAll("/", "\\/"),
      JSON.stringify(inJson).slice(1, -1),
      escaped,
    ]),
  ];
}

/** Which of the secrets a text holds, and how they are spelled there. */
export const secretsIn = (text: string, secrets: readonly string[]): string[] =>
  secrets.flatMap((secret) => spellingsOf(secret).filter((spelling) => text.includes(spelling)));

/**
 * The files below a folder that hold one of the secrets. It reads a copy that another process makes: who opens and
 * closes a database's file drops the locks that SQLite holds on it in the same process.
 */
export function filesWith(folder: string, secrets: readonly string[]): string[] {
  const aside = mkdtempSync(join(tmpdir(), "mcqueen-copy-"));
  try {
    const { exitCode, stderr } = Bun.spawnSync(["cp", "-R", `${folder}/.`, aside]);
    if (exitCode !== 0) throw new Error(stderr.toString());
    return readdirSync(aside, { recursive: true, encoding: "utf8" })
      .filter((name) => statSync(join(aside, name)).isFile())
      .flatMap((name) =>
        secretsIn(readFileSync(join(aside, name), "latin1"), secrets).map((found) => `${name}: ${found}`),
      );
  } finally {
    rmSync(aside, { recursive: true });
  }
}
