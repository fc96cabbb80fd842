import { plainName } from "../../core/merge-places.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import type { BookInput, CalComVenue } from "./schemas.ts";

/**
 * Books where a restaurant of the user's settings takes bookings, and else hands the wish to the person.
 * @throws AppError invalid_parameters, not_found, conflict when it is refused, and the providers' failures
 */
export async function book(input: BookInput, context: ToolContext): Promise<ToolResult> {
  const registered = registeredVenue(input.restaurant_name, context);
  if (registered && liesIn(registered.venue, input.location)) {
    return (await import("./cal-com-table.ts")).bookAtCalCom(input, registered, context);
  }
  const elsewhere = registered
    ? [`The ${registered.name} of your settings was not asked: nothing there says that it is in ${input.location}`]
    : [];
  return (await import("./hand-off.ts")).handOff(input, context, elsewhere);
}

function registeredVenue(wanted: string, { settings }: ToolContext): { name: string; venue: CalComVenue } | undefined {
  const venues = Object.entries((settings.venues ?? {}) as Record<string, CalComVenue>);
  const found = venues.find(([name]) => plainName(name) === plainName(wanted));
  return found ? { name: found[0], venue: found[1] } : undefined;
}

/** A namesake in another city must not be booked, so every word of the location has to stand in the address or the zone. */
function liesIn({ address = "", time_zone = "" }: CalComVenue, location: string | undefined): boolean {
  const known = new Set(wordsOf(`${address} ${time_zone}`));
  return location === undefined || wordsOf(location).every((word) => known.has(word));
}

const wordsOf = (text: string): string[] => plainName(text).split(" ");
