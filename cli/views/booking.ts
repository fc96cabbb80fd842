import { existsSync, writeFileSync } from "node:fs";
import type { ShownBooking } from "../../src/core/booking.ts";
import { AppError } from "../../src/core/errors.ts";
import { isRecord } from "../../src/core/parameters.ts";
import { dayName } from "../day-name.ts";
import type { Paint } from "../paint.ts";
import { sanitiseLine } from "../sanitise.ts";
import { table } from "../table.ts";
import type { TerminalFlag } from "./terminal-flag.ts";

/** One booking as a card, several as a table. */
export function booking(data: Record<string, unknown>, metadata: Record<string, unknown>, paint: Paint): string {
  const { bookings, total } = data;
  if (Array.isArray(bookings)) return listView(bookings as ShownBooking[], Number(total));
  const card = cardLines(data as unknown as ShownBooking, paint);
  const attribution =
    metadata.attribution === undefined ? [] : ["", paint.dim(sanitiseLine(String(metadata.attribution)))];
  return [...card, ...candidates(metadata, paint), ...attribution].join("\n");
}

function cardLines(shown: ShownBooking, paint: Paint): string[] {
  const { restaurant_name, party_size, date, time, time_zone, status, message, confirmation_number } = shown;
  const { booking_id, venue, handoff, reason, warnings = [], notes } = shown;
  const state = status === "confirmed" ? paint.green(status) : paint.yellow(sanitiseLine(status));
  const facts: [name: string, value: string | undefined][] = [
    ["When", time_zone ? `${spokenDate(date)} at ${time} (${time_zone})` : `${spokenDate(date)} at ${time}`],
    ["Table for", String(party_size)],
    ["Confirmation", confirmation_number],
    ["Where", venue?.address],
    ["Open", venue?.opening_hours],
    ["Phone", handoff?.phone ?? venue?.phone],
    ["Mail", handoff?.mail?.to],
    ["Notes", notes],
    ["Id", booking_id],
  ];
  const rows = facts.flatMap(([name, value]) => (value ? [[paint.dim(name), sanitiseLine(value)]] : []));
  const links = handoff?.links.map(({ name, url, kind }, at) => [
    `${at + 1}.`,
    sanitiseLine(`${name}${kind === "search" ? " (a search)" : ""}`),
    paint.green(sanitiseLine(url)),
  ]);
  return [
    `${paint.bold(sanitiseLine(restaurant_name))}  ${state}`,
    sanitiseLine(message),
    ...(reason ? [sanitiseLine(`${reason}.`)] : []),
    "",
    table(rows),
    ...(links && links.length > 0 ? ["", table(links)] : []),
    ...(warnings.length > 0 ? ["", ...warnings.map((warning) => paint.yellow(sanitiseLine(`! ${warning}`)))] : []),
  ];
}

function listView(bookings: readonly ShownBooking[], total: number): string {
  if (bookings.length === 0) return "No table is booked. Past and failed ones: --all";
  const rows = bookings.map(({ booking_id, restaurant_name, date, time, party_size, status }) => [
    booking_id,
    date,
    time,
    String(party_size),
    status,
    restaurant_name,
  ]);
  const shown = table(
    [["id", "date", "time", "for", "status", "restaurant"], ...rows].map((row) => row.map(sanitiseLine)),
  );
  return total > bookings.length ? `${shown}\n${total - bookings.length} more` : shown;
}

function candidates({ candidates: others }: Record<string, unknown>, paint: Paint): string[] {
  if (!Array.isArray(others) || others.length === 0) return [];
  const named = others.filter(isRecord).map(({ name, address }) => `${name}, ${address}`);
  return ["", paint.dim(sanitiseLine(`Also: ${named.join("; ")}`))];
}

const spokenDate = (date: string): string => dayName(Temporal.PlainDate.from(date), true);

/** `--open 1` shows the first link in the browser. */
export const openLink: TerminalFlag = {
  flag: "--open <number>",
  about: "open this link of a hand-off in the browser",
  check(value) {
    if (/^[1-9]$/.test(value)) return;
    throw new AppError("usage", `--open ${value} must be the number of a link, from 1 to 9`);
  },
  async act(value, data, out) {
    const links = (data as Partial<ShownBooking>).handoff?.links ?? [];
    const link = links[Number(value) - 1];
    if (!link) throw new AppError("not_found", `There is no link ${value}: there are ${links.length}`);
    const { openUrl } = await import("../open-url.ts");
    await openUrl(link.url, { anyHttp: true });
    out.note(`Opened ${link.url}`);
  },
};

/** `--ics table.ics` keeps the calendar file. */
export const writeIcs: TerminalFlag = {
  flag: "--ics <file>",
  about: "write the booking's calendar file",
  check(value) {
    if (value !== "" && !existsSync(value)) return;
    throw new AppError("usage", value === "" ? "--ics needs the name of a file" : `The file ${value} exists already`, {
      hint: "Name another file; nothing was done.",
    });
  },
  async act(value, data, out) {
    if (typeof data.ics !== "string") throw new AppError("usage", "There is no calendar file of that");
    try {
      writeFileSync(value, data.ics, { flag: "wx", mode: 0o600 });
    } catch (cause) {
      throw new AppError("unavailable", `The calendar file was not written to ${value}`, {
        hint: `Run: mcqueen run book_restaurant_public show --booking-id ${String(data.booking_id)} --ics <file>`,
        cause,
      });
    }
    out.note(`Wrote ${value}`);
  },
};
