import type { Handoff } from "../../core/booking.ts";
import { type Moment, spokenMoment } from "./moment.ts";
import type { BookInput, Guest } from "./schemas.ts";

/** A mail that asks for the table, for the person to send; `url` opens it in their mail program (RFC 6068). */
export function mailDraft(to: string, input: BookInput, guest: Guest, moment: Moment): NonNullable<Handoff["mail"]> {
  const when = spokenMoment(moment);
  const subject = `Table for ${input.party_size} on ${when}`;
  const body = [
    `Dear team of ${input.restaurant_name},`,
    "",
    `I would like to book a table for ${input.party_size} on ${when}.`,
    ...(input.notes ? [input.notes] : []),
    "",
    ...(guest.phone ? [`Phone: ${guest.phone}`] : []),
    ...(guest.email ? [`Mail: ${guest.email}`] : []),
    "Please tell me whether that is possible.",
    "",
    "Kind regards",
    ...(guest.name ? [guest.name] : []),
  ].join("\n");
  const part = (text: string): string => encodeURIComponent(text.replaceAll("\n", "\r\n"));
  const address = encodeURIComponent(to).replaceAll("%40", "@");
  return { to, subject, body, url: `mailto:${address}?subject=${part(subject)}&body=${part(body)}` };
}
