import { plainName } from "../../core/merge-places.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import type { BookInput, CalComVenue } from "./schemas.ts";

/**
 * Books where a restaurant of the user's settings takes bookings, and else hands the wish to the person.
 * @throws AppError invalid_parameters, not_found, conflict when it is refused, and the providers' failures
 */
export async function book(input: BookInput, context: ToolContext): Promise<ToolResult> {
  const registered = registeredVenue(input, context);
  if (registered) return (await import("./cal-com-table.ts")).bookAtCalCom(input, registered, context);
  return (await import("./hand-off.ts")).handOff(input, context);
}

/** The one of that name; where both a location and its address are told, they have to agree, for a namesake must not be booked. */
function registeredVenue(
  { restaurant_name, location }: BookInput,
  { settings }: ToolContext,
): { name: string; venue: CalComVenue } | undefined {
  const venues = Object.entries((settings.venues ?? {}) as Record<string, CalComVenue>);
  const found = venues.find(([name]) => plainName(name) === plainName(restaurant_name));
  if (!found) return undefined;
  const [name, venue] = found;
  if (location === undefined || venue.address === undefined) return { name, venue };
  const known = new Set(wordsOf(venue.address));
  return wordsOf(location).every((word) => known.has(word)) ? { name, venue } : undefined;
}

const wordsOf = (text: string): string[] => plainName(text).split(" ");
