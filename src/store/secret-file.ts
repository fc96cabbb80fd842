import { linkSync, rmSync } from "node:fs";
import { AppError } from "../core/errors.ts";
import { randomText } from "../core/secret.ts";
import { readPrivateFile, writePrivateFile } from "../files.ts";

/**
 * A secret of 32 random bytes in a 0600 file, made at first use. Two processes that make it at once agree on one.
 * @param prefix says in the secret itself what it opens
 */
export function ensureSecretFile(path: string, prefix = ""): string {
  const known = readPrivateFile(path)?.trim();
  if (known) return known;
  const aside = `${path}.${process.pid}.${Date.now()}`;
  writePrivateFile(aside, `${prefix}${randomText(32, "base64url")}\n`);
  try {
    linkSync(aside, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
  const secret = readPrivateFile(path)?.trim();
  if (secret) return secret;
  throw new AppError("unavailable", `The secret file ${path} is empty`, { hint: `Run: rm '${path}'` });
}
