import { AppError } from "../src/core/errors.ts";
import type { Backend } from "./backend.ts";

/** Says an ISO time as people here do: "2026-01-31 14:05". */
export type Clock = (iso: string) => string;

/** A clock in the zone of the user's profile, or else in that of this computer. */
export async function clockOf(backend: Backend): Promise<Clock> {
  const zone = await zoneOf(backend);
  return (iso) => {
    const at = Temporal.Instant.from(iso).toZonedDateTimeISO(zone);
    return `${at.toPlainDate()} ${at.toPlainTime().toString({ smallestUnit: "minute" })}`;
  };
}

async function zoneOf(backend: Backend): Promise<string> {
  try {
    return (await backend.readProfile()).zone ?? Temporal.Now.timeZoneId();
  } catch (error) {
    // A token may not read the profile of the daemon that it is for.
    if (error instanceof AppError && error.code === "forbidden") return Temporal.Now.timeZoneId();
    throw error;
  }
}
