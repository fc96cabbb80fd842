import { join } from "node:path";

/** Whether this is the compiled binary, and not the source run by bun. */
const isCompiled = import.meta.dir.startsWith("/$bunfs") || /^[A-Z]:[\\/]~BUN/i.test(import.meta.dir);

/** The words that start this program again. */
export const selfCommand = (): string[] =>
  isCompiled ? [process.execPath] : [process.execPath, join(import.meta.dir, "main.ts")];
