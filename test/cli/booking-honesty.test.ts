import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createPaint } from "../../cli/paint.ts";
import { booking as card } from "../../cli/views/booking.ts";
import { bookRestaurantPublic } from "../../src/adapters/booking/book-restaurant-public.ts";
import { calendarFile } from "../../src/adapters/booking/calendar-file.ts";
import { mailDraft } from "../../src/adapters/booking/mail-draft.ts";
import { type BookingStatus, showBooking } from "../../src/core/booking.ts";
import { createVoice } from "../../src/core/voice.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { createOwnBookings } from "../support/bookings.ts";
import { createContext } from "../support/context.ts";
import { bootServer } from "../support/server.ts";

/** Sentences that say there is no booking. What is left must not speak of one. */
const denials = [
  /nothing is booked( yet)?/gi,
  /(was )?(not|never) (booked|confirmed)( yet| here)?/gi,
  /none is booked/gi,
  /if you booked it yourself/gi,
  /i would like to book/gi,
  /confirmation[_ ]required/gi,
];
const claims = /book(ed|ing (is |was )?(made|done|complete))|confirm(ed|ation)|reserved|secured|all set|enjoy/i;
const claimIn = (text: string): string | undefined =>
  claims.exec(denials.reduce((rest, denial) => rest.replace(denial, ""), text))?.[0];

const unbooked: BookingStatus[] = ["handoff", "pending", "failed", "cancelled"];
const plain = createPaint(false);
const kept = (status: BookingStatus) => {
  const [booking] = createOwnBookings({
    status,
    providerRef: "uid-of-the-provider",
    details: {
      venue: { name: "Chez Marie", address: "12 Rue des Abbesses", phone: "+33 1 99 00 12 34" },
      handoff: { links: [{ name: "Website", url: "https://chez-marie.example/", kind: "website" }], phone: "+33 1" },
      notes: "A window",
      warnings: ["It closes 30 minutes after"],
      reason: "It is closed then",
    },
  }).kept;
  if (!booking) throw new Error("there is no booking");
  return booking;
};

test("the look for claims finds them", () => {
  for (const text of ["The table is booked.", "STATUS:CONFIRMED", "Confirmation number: 7", "Reserved for you"]) {
    expect(claimIn(text)).toBeDefined();
  }
  expect(claimIn(showBooking(kept("confirmed")).message)).toBe("booked");
});

describe.each(unbooked)("a wish that is %s never says that it is booked", (status) => {
  const shown = showBooking(kept(status));
  const renderings: [name: string, text: () => Promise<string>][] = [
    ["its fields", async () => JSON.stringify(shown)],
    ["its card", async () => card({ ...shown }, {}, plain)],
    ["its line in a list", async () => card({ bookings: [shown], total: 1 }, {}, plain)],
    ["its calendar file", async () => (await calendarFile(kept(status))).replaceAll("\r\n ", "")],
  ];
  test.each(renderings)("in %s", async (_name, text) => {
    expect(claimIn(await text())).toBeUndefined();
  });

  test("and bears no number of a confirmation", () => {
    expect(JSON.stringify(shown)).not.toContain("uid-of-the-provider");
    expect(shown).not.toHaveProperty("confirmation_number");
  });
});

test("neither what is asked before, nor the mail to send, nor the end of a hand-off claims a booking", async () => {
  const wish = { restaurant_name: "Chez Marie", date: "2026-12-04", time: "19:30", party_size: 4 };
  const voice = createVoice({});
  for (const action of bookRestaurantPublic.actions) {
    const given = action.id === "cancel" ? { booking_id: "bkg_0" } : wish;
    expect(claimIn((await action.confirmation?.prompt(given, voice)) ?? "")).toBeUndefined();
  }
  const wall = Temporal.PlainDateTime.from("2026-12-04T19:30");
  const moment = { wall, zone: "Europe/Paris", start: wall.toZonedDateTime("Europe/Paris"), isTwice: false };
  const { url: _url, ...mail } = mailDraft("table@chez-marie.example", wish, { name: "Ada" }, moment);
  expect(claimIn(JSON.stringify(mail))).toBeUndefined();
  const cancel = bookRestaurantPublic.actions.find(({ id }) => id === "cancel");
  for (const status of ["handoff", "failed"] as const) {
    const bookings = createOwnBookings({ status });
    const ended = await cancel?.run({ booking_id: "bkg_0" }, createContext({ bookings }));
    expect(claimIn(JSON.stringify(ended?.data))).toBeUndefined();
  }
});

describe("over REST", () => {
  const now = new Date("2026-11-20T12:00:00Z");
  const path = "/api/v1/mcp/tools/book_restaurant_public/execute";
  const parameters = { location: "Paris", date: "2026-12-04", time: "19:30", party_size: 4 };
  let sandbox: Sandbox;
  let server: Awaited<ReturnType<typeof bootServer>>;
  beforeAll(async () => {
    sandbox = await startSandbox({ now: () => now });
    server = await bootServer({ now: () => now, env: sandbox.baseUrls });
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await sandbox.stop();
  });

  test.each(["Chez Marie", "Le Petit Pont", "Qwxlorbia"])(
    "%s: question, answer, list, show, end and history",
    async (name) => {
      const call = async (given: object, more: object = {}) =>
        (await server.send({ path, body: { parameters: given, ...more } })).json;
      const yes = (given: object) => ({ voice_confirmations: given });
      const wish = { restaurant_name: name, ...parameters };
      const { location: _place, ...fields } = wish;
      const asked = await call(wish);
      expect([asked.success, claimIn(String(asked.metadata.confirmation_prompt))]).toEqual([false, undefined]);
      const done = await call(wish, { confirmation_id: asked.metadata.confirmation_id, ...yes(fields) });
      expect(done.data?.status).toBe("handoff");
      const { booking_id } = done.data;
      const others = [await call({ action: "list" }), await call({ action: "show", booking_id })];
      const unsure = await call({ action: "cancel", booking_id });
      const ended = await call({}, { confirmation_id: unsure.metadata.confirmation_id, ...yes({ booking_id }) });
      expect(ended.data?.status).toBe("forgotten");
      for (const answer of [done, ...others, ended]) expect(claimIn(JSON.stringify(answer.data))).toBeUndefined();
      const history = (await server.send({ path: "/api/v1/mcp/history" })).text;
      expect(history).toContain("book_restaurant_public");
      expect(claimIn(history)).toBeUndefined();
    },
  );
});
