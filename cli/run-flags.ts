import { AppError } from "../src/core/errors.ts";

export interface OwnFlag {
  /** As it is typed, with its value: "--account <alias>". */
  flag: string;
  about: string;
  /** Looks at the value as soon as it is read. @throws AppError usage */
  check?(value: string): string;
}

/** The flags that `run` has for every tool. */
export const runFlags: readonly OwnFlag[] = [
  { flag: "--params <json>", about: "all parameters as JSON, @file or - for stdin; flags win" },
  { flag: "--yes", about: "confirm without being asked" },
  { flag: "--dry-run", about: "show what would be sent, and send nothing" },
  { flag: "--account <alias>", about: "which of several linked accounts" },
  { flag: "--idempotency-key <key>", about: "a second call with the same key does nothing new" },
  { flag: "--wait <seconds>", about: "wait so long for an approval, where one is needed", check: waitSeconds },
  { flag: "--timeout <seconds>", about: "give up after this long", check: seconds },
];

/** A tool's parameter of such a name is given with --params. */
export const ownFlags: readonly string[] = [
  ...runFlags.map(({ flag }) => flag.replace(/ .*/, "")),
  ...["--help", "--json", "--select", "--quiet", "--sandbox", "--server"],
];

function waitSeconds(given: string): string {
  if (/^\d{1,3}$/.test(given) && Number(given) <= 300) return given;
  throw new AppError("usage", `--wait ${given} must be a whole number of seconds, at most 300`);
}

function seconds(given: string): string {
  const value = Number(given);
  if (value > 0 && value <= 600) return given;
  throw new AppError("usage", `--timeout ${given} must be a number of seconds, more than 0 and at most 600`);
}
