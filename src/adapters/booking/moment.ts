import { invalidParameters } from "../../core/errors.ts";

/** A wall-clock time at a restaurant, and which instant that is. */
export interface Moment {
  wall: Temporal.PlainDateTime;
  zone: string;
  start: Temporal.ZonedDateTime;
  /** The clocks go back at that hour, so it comes twice; the first is meant. */
  isTwice: boolean;
}

/**
 * Reads a date and time by the restaurant's clock.
 * @param zone IANA
 * @throws AppError invalid_parameters for what is past, or for an hour that the clocks leave out
 */
export function momentOf(date: string, time: string, zone: string, now: Date): Moment {
  const wall = Temporal.PlainDateTime.from(`${date}T${time}`);
  const start = wall.toZonedDateTime(zone, { disambiguation: "earlier" });
  const later = wall.toZonedDateTime(zone, { disambiguation: "later" });
  if (!start.toPlainDateTime().equals(wall)) {
    throw invalidParameters(
      [`Parameter time must exist: on ${date} the clocks in ${zone} go forward and leave ${time} out`],
      "Give another time.",
    );
  }
  const present = Temporal.Instant.fromEpochMilliseconds(now.getTime());
  if (Temporal.Instant.compare(later.toInstant(), present) <= 0) {
    const there = present.toZonedDateTimeISO(zone).toPlainDateTime();
    throw invalidParameters(
      [`Parameter ${date < String(there.toPlainDate()) ? "date" : "time"} must not be past`],
      `There (${zone}) it is ${there.toString({ smallestUnit: "minute" }).replace("T", " ")}.`,
    );
  }
  const isPast = Temporal.Instant.compare(start.toInstant(), present) <= 0;
  return { wall, zone, start: isPast ? later : start, isTwice: !start.equals(later) && !isPast };
}

/** The zone of a point on the map. */
export async function zoneAt(latitude: number, longitude: number): Promise<string> {
  const { default: lookUp } = await import("@photostructure/tz-lookup");
  return lookUp(latitude, longitude);
}

/** "Friday, 4 December 2026 at 19:30" */
export const spokenMoment = ({ wall }: Pick<Moment, "wall">): string =>
  wall.toLocaleString("en-GB", {
    weekday: "long",
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  });
