import type { UnitSystem } from "./forecast.ts";

/** Gives "UTC" for a zone that the runtime does not know. */
export function knownZone(zone: string | undefined): string {
  if (zone === undefined) return "UTC";
  try {
    return Temporal.Now.zonedDateTimeISO(zone).timeZoneId;
  } catch (error) {
    if (error instanceof RangeError) return "UTC";
    throw error;
  }
}

/** Parses "2026-03-01T12:00:00Z". Undefined for what is no instant. */
export function instantOf(text: unknown): Temporal.Instant | undefined {
  if (typeof text !== "string" || !/^\d{4}-\d\d-\d\dT/.test(text)) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : Temporal.Instant.fromEpochMilliseconds(ms);
}

/** Seconds since 1970. Undefined for what no calendar reaches. */
export function instantOfSeconds(seconds: number | undefined): Temporal.Instant | undefined {
  const farthest = 8.64e12;
  if (seconds === undefined || !Number.isInteger(seconds) || Math.abs(seconds) > farthest) return undefined;
  return Temporal.Instant.fromEpochMilliseconds(seconds * 1000);
}

/** "+02:00" from 7200. Undefined for what is no offset of this world. */
export function offsetOf(seconds: number | undefined): string | undefined {
  if (seconds === undefined || Math.abs(seconds) > 18 * 3600) return undefined;
  const minutes = Math.round(Math.abs(seconds) / 60);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${seconds < 0 ? "-" : "+"}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** ISO 8601 to the minute with the zone's offset: "2026-03-01T13:00:00+01:00". */
export const isoIn = (instant: Temporal.Instant, zone: string): string =>
  instant.toZonedDateTimeISO(zone).toString({ timeZoneName: "never", smallestUnit: "second" });

export const dateIn = (instant: Temporal.Instant, zone: string): string =>
  instant.toZonedDateTimeISO(zone).toPlainDate().toString();

const round = (value: number, digits: number): number => Number(value.toFixed(digits));

/** From what meteorology measures in to what was asked for: °C, m/s and mm. */
export const convert = {
  temperature: (celsius: number | undefined, units: UnitSystem): number | undefined =>
    celsius === undefined ? undefined : round(units === "metric" ? celsius : celsius * 1.8 + 32, 1),
  wind: (metresPerSecond: number | undefined, units: UnitSystem): number | undefined =>
    metresPerSecond === undefined ? undefined : round(metresPerSecond * (units === "metric" ? 3.6 : 2.236936), 1),
  precipitation: (mm: number | undefined, units: UnitSystem): number | undefined =>
    mm === undefined ? undefined : units === "metric" ? round(mm, 1) : round(mm / 25.4, 3),
};
