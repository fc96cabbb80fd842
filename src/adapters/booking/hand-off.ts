import { present } from "../../core/answer.ts";
import type { Handoff } from "../../core/booking.ts";
import { isValidMail } from "../../core/formats.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { webAddress } from "../../core/web-address.ts";
import { nominatim, type OsmPlace } from "../../osm/nominatim.ts";
import { checkHours, type HoursAnswer } from "./hours.ts";
import { linksFor } from "./links.ts";
import { mailDraft } from "./mail-draft.ts";
import { type Moment, momentOf, spokenMoment, zoneAt } from "./moment.ts";
import { type Found, findRestaurant, venueOf } from "./restaurant.ts";
import { newBooking, ownBookings, refused, resultOf, untrusted } from "./result.ts";
import type { BookInput } from "./schemas.ts";

/** Minutes before closing at which a person is told. */
const late = 60;

/**
 * Finds the restaurant, checks its opening hours, and gives the person what they need to book it themselves. Nothing is booked.
 * @param remarks further warnings for the result
 * @throws AppError not_found, invalid_parameters, conflict when it is closed then, and Nominatim's failures
 */
export async function handOff(
  input: BookInput,
  context: ToolContext,
  remarks: readonly string[] = [],
): Promise<ToolResult> {
  const { restaurant_name: name, location } = input;
  context.progress("Looking up the restaurant");
  const found = await findRestaurant({ name, location }, context);
  const { restaurant, around } = found;
  const zone = await zoneAt(around.latitude, around.longitude);
  const moment = momentOf(input.date, input.time, zone, context.now());
  const hours = checkHours(restaurant?.openingHours, moment.wall);
  const warnings = [...remarks, ...warningsOf(input, found, moment, hours)];
  const wish = newBooking(input, moment, context.now(), {
    status: "handoff",
    provider: nominatim.name,
    details: {
      ...(restaurant ? { venue: venueOf(restaurant) } : {}),
      ...(warnings.length > 0 ? { warnings } : {}),
    },
  });
  const metadata = {
    provider: nominatim.name,
    attribution: nominatim.attribution,
    source_url: nominatim.sourceUrl,
    cached: found.cached,
    untrusted,
    ...(found.others.length > 0
      ? { candidates: found.others.map(({ name: called, address }) => ({ name: called, address })) }
      : {}),
  };
  if (hours.kind === "closed") {
    const reason = `${name} is closed on ${spokenMoment(moment)}`;
    throw await refused(wish, context, reason, closedHint(hours), metadata);
  }
  const booking = { ...wish, details: { ...wish.details, handoff: handoffOf(input, found, moment, context) } };
  await ownBookings(context).add(booking);
  return resultOf(booking, metadata);
}

function handoffOf(input: BookInput, { restaurant, around }: Found, moment: Moment, { profile }: ToolContext): Handoff {
  const { restaurant_name, date, time, party_size } = input;
  const { city, countryCode } = around;
  const name = restaurant?.name ?? restaurant_name;
  const wish = present({ name, date, time, partySize: party_size, city, countryCode });
  const { phone, email } = restaurant ?? {};
  return present({
    links: linksFor(restaurant, wish as Parameters<typeof linksFor>[1]),
    phone,
    phone_url: phoneUrl(phone),
    mail:
      email !== undefined && isValidMail(email)
        ? mailDraft(email, input, { ...profile.guest, ...input.guest }, moment)
        : undefined,
  });
}

/** The first number of the tag, for a telephone to dial. */
function phoneUrl(phone: string | undefined): string | undefined {
  const first = phone?.split(/[;/]/)[0]?.trim() ?? "";
  const digits = first.replace(/\D/g, "");
  return digits.length < 4 ? undefined : `tel:${first.startsWith("+") ? "+" : ""}${digits}`;
}

function warningsOf(input: BookInput, { restaurant }: Found, moment: Moment, hours: HoursAnswer): string[] {
  const { restaurant_name: name } = input;
  if (!restaurant) {
    return [`OpenStreetMap does not know ${name} there, so neither its address nor its opening hours were checked`];
  }
  const called =
    restaurant.name.toLowerCase() === name.toLowerCase() ? [] : [`It is called ${restaurant.name} on the map`];
  const twice = moment.isTwice ? ["That hour comes twice that night; the first one is meant"] : [];
  const none = restaurant.tags.reservation === "no" ? ["By OpenStreetMap it takes no reservations"] : [];
  return [...called, ...twice, ...none, ...hoursWarnings(hours), ...unsafeWebsite(restaurant)];
}

function hoursWarnings(hours: HoursAnswer): string[] {
  if (hours.kind === "unknown") return [`Whether it is open then is not known: ${hours.why}`];
  if (hours.kind === "closed") return [];
  return [
    ...(hours.minutesLeft < late ? [`It closes ${hours.minutesLeft} minutes after`] : []),
    ...(hours.hasHolidays ? ["On holidays it has other hours; whether that day is one is not known"] : []),
  ];
}

const unsafeWebsite = ({ website }: OsmPlace): string[] =>
  website !== undefined && !webAddress(website) ? ["Its website is written in a way that is not opened"] : [];

function closedHint({ thatDay, next, hasHolidays }: HoursAnswer & { kind: "closed" }): string {
  const hours = thatDay === "" ? "It is closed that whole day." : `That day it is open ${thatDay}.`;
  const later = next ? ` Next: ${next.date}, ${next.hours}.` : "";
  return `${hours}${later}${hasHolidays ? " Holidays were not considered." : ""} By OpenStreetMap.`;
}
