import { randomBytes } from "node:crypto";
import { linkSync, rmSync } from "node:fs";
import { AppError } from "../core/errors.ts";
import { readPrivateFile, writePrivateFile } from "../files.ts";

/**
 * The secret that proves "a program of this computer's user": whoever can read the 0600 file.
 * Made at first use; two processes that make it at once agree on one.
 */
export function ensureLocalToken(path: string): string {
  const known = readPrivateFile(path)?.trim();
  if (known) return known;
  const aside = `${path}.${process.pid}.${Date.now()}`;
  writePrivateFile(aside, `mcq_l_${randomBytes(32).toString("base64url")}\n`);
  try {
    linkSync(aside, path);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    rmSync(aside, { force: true });
  }
  const token = readPrivateFile(path)?.trim();
  if (token) return token;
  throw new AppError("unavailable", `The local token ${path} is empty`, { hint: `Run: rm '${path}'` });
}
