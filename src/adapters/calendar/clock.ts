import { invalidParameters } from "../../core/errors.ts";
import type { Profile } from "../../core/user.ts";

/** Where and when somebody speaks, which decides what their words mean. */
export interface Clock {
  /** IANA name. */
  zone: string;
  now: Date;
  locale: string | undefined;
}

/**
 * The zone of the call, else of the profile, else of this computer.
 * @throws AppError invalid_parameters for a bare offset, of which nobody knows when its clocks change
 */
export function clockOf(timeZone: string | undefined, profile: Profile, now: Date): Clock {
  const zone = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(
    timeZone ?? profile.zone ?? Temporal.Now.timeZoneId(),
  ).timeZoneId;
  if (/^[+-]/.test(zone))
    throw invalidParameters(
      [`${timeZone ? "Parameter time_zone" : "The time zone"} must be the name of a zone, not an offset`],
      "For example Europe/Oslo. Run: mcqueen profile set zone=Europe/Oslo",
    );
  return { zone, now, locale: profile.locale };
}

export const nowIn = ({ now, zone }: Clock): Temporal.ZonedDateTime =>
  Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(zone);

/** A time, and what a person should know about it. */
export interface Settled {
  at: Temporal.ZonedDateTime;
  note?: string;
}

/** Puts a wall clock's time into a zone. Where the clocks jump it says what was taken. */
export function settle(local: Temporal.PlainDateTime, zone: string): Settled {
  const first = local.toZonedDateTime(zone, { disambiguation: "earlier" });
  const last = local.toZonedDateTime(zone, { disambiguation: "later" });
  if (first.equals(last)) return { at: first };
  const clock = local.toPlainTime().toString({ smallestUnit: "minute" });
  const day = local.toPlainDate();
  if (first.toPlainDateTime().equals(local)) {
    return {
      at: first,
      note: `${clock} comes twice on ${day} in ${zone}, because the clocks go back; the first was taken. The other one is ${iso(last)}`,
    };
  }
  return {
    at: last,
    note: `${clock} does not exist on ${day} in ${zone}, because the clocks go forward; ${last.toPlainTime().toString({ smallestUnit: "minute" })} was taken`,
  };
}

/** "2026-12-03T15:00:00+01:00" */
export const iso = (at: Temporal.ZonedDateTime): string =>
  at.toString({ timeZoneName: "never", smallestUnit: "second" });
