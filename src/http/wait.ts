import { AppError } from "../core/errors.ts";

const longestWaitS = 300;

/** The seconds of a long poll. @throws AppError invalid_parameters */
export function secondsOf(given: string | undefined): number {
  if (given === undefined) return 0;
  if (/^\d{1,3}$/.test(given) && Number(given) <= longestWaitS) return Number(given);
  throw new AppError(
    "invalid_parameters",
    `Parameter validation failed: wait_s must be a whole number up to ${longestWaitS}`,
  );
}
