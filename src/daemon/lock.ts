import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Home } from "../home.ts";
import { takeLock } from "../lock.ts";

const lockPath = (home: Home): string => join(home.run, "daemon.lock");

/** Whether a daemon serves this home: asked of the operating system, which a stale file could not fool. */
export function isServed(home: Home): boolean {
  if (!existsSync(lockPath(home))) return false;
  const lock = takeLock(lockPath(home));
  lock?.release();
  return lock === undefined;
}
