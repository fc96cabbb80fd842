import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bookRestaurantPublic } from "../../../src/adapters/booking/book-restaurant-public.ts";
import type { ShownBooking } from "../../../src/core/booking.ts";
import type { ToolContext } from "../../../src/core/tool.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/server.ts";
import { createOwnBookings } from "../../support/bookings.ts";
import { createContext, createTestClient } from "../../support/context.ts";
import { providerFaults } from "../../support/provider-faults.ts";
import { failureOf } from "../../support/upstream.ts";

const now = () => new Date("2026-11-20T12:00:00Z");
const settings = { venues: { "Trattoria Bella": { event_type_id: 410_001, time_zone: "Europe/Berlin" } } };
const profile = { guest: { name: "Ada Lovelace", email: "ada@example.org" } };
let sandbox: Sandbox;
let folder: string;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "mcqueen-silence-"));
  sandbox = await startSandbox({ folder, now });
});
afterEach(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true });
});

async function run(id: string, parameters: object, more: Partial<ToolContext>) {
  const action = bookRestaurantPublic.actions.find((each) => each.id === id);
  if (!action) throw new Error(`there is no action ${id}`);
  return action.run({ ...parameters }, createContext({ config: sandbox.baseUrls, now, settings, profile, ...more }));
}

const table = { restaurant_name: "Trattoria Bella", date: "2026-12-04", time: "19:30", party_size: 4 };
async function book(more: Partial<ToolContext> = {}) {
  const bookings = createOwnBookings();
  const { data } = await run("book", table, { bookings, ...more });
  return { data: data as ShownBooking, bookings };
}
const posted = () => sandbox.requests.filter(({ upstream, method }) => upstream === "cal-com" && method === "POST");

describe("when Cal.com does not answer", () => {
  const slow = () => createTestClient({ deadlineMs: 300 });
  test.each<[string, Parameters<Sandbox["fail"]>[1], string]>([
    ["silence", { kind: "timeout", times: 1 }, "timeout"],
    ["a fault", { kind: "status", status: 503, times: 1 }, "upstream_rejected"],
    ["garbage", { kind: "garbage", times: 1 }, "upstream_rejected"],
    ["half an answer", { kind: "truncated", times: 1 }, "upstream_rejected"],
    ["a broken connection", { kind: "reset", times: 1 }, "upstream_unavailable"],
  ])("%s leaves open whether it is booked; it is sent once and kept as pending", async (_name, fault, code) => {
    const bookings = createOwnBookings();
    const real = slow();
    const http: ToolContext["http"] = {
      json(request) {
        if (request.method === "POST") sandbox.fail("cal-com", fault);
        return real.json(request);
      },
    };
    const error = await failureOf(book({ bookings, http }));
    expect(error).toMatchObject({
      code,
      message: expect.stringContaining("not known whether the table is booked"),
      metadata: { booking_id: bookings.kept[0]?.id },
    });
    expect(bookings.kept).toMatchObject([
      { status: "pending", details: { reason: expect.stringContaining("not known") } },
    ]);
    expect(posted()).toHaveLength(1);
    const { data } = await run("cancel", { booking_id: bookings.kept[0]?.id }, { bookings });
    expect(data).toMatchObject({ status: "forgotten", message: expect.stringContaining("not known") });
  });

  test.each(providerFaults)(
    "%j when free tables are asked for is %s, and nothing is kept or sent",
    async (fault, code) => {
      sandbox.fail("cal-com", fault);
      const bookings = createOwnBookings();
      expect(await failureOf(book({ bookings, http: slow() }))).toMatchObject({
        code,
        message: expect.stringContaining("Cal.com"),
        metadata: { provider: "Cal.com" },
      });
      expect(bookings.kept).toEqual([]);
      expect(posted()).toEqual([]);
    },
  );

  test("429 is a refusal: it is certain that nothing is booked", async () => {
    const bookings = createOwnBookings();
    const real = slow();
    const http: ToolContext["http"] = {
      json(request) {
        if (request.method === "POST")
          sandbox.fail("cal-com", { kind: "status", status: 429, retryAfter: 60, times: 1 });
        return real.json(request);
      },
    };
    expect(await failureOf(book({ bookings, http }))).toMatchObject({ code: "rate_limited" });
    expect(bookings.kept).toMatchObject([{ status: "failed" }]);
  });

  test("what is kept is shown all the same, and the failure told", async () => {
    const { data, bookings } = await book();
    sandbox.fail("cal-com", { kind: "status", status: 503 });
    const shown = await run("show", { booking_id: data.booking_id }, { bookings });
    expect(shown.data).toMatchObject({ status: "confirmed" });
    expect(shown.metadata).toMatchObject({ provider: "mcqueen", failed_providers: [{ provider: "Cal.com" }] });
  });

  test("an answer with another time is not called confirmed, and can still be cancelled", async () => {
    const real = createTestClient();
    const http: ToolContext["http"] = {
      async json(request) {
        const answer = await real.json(request);
        const text = JSON.stringify(answer.json).replaceAll("2026-12-04T18:30", "2026-12-05T18:30");
        return String(request.url).includes("/slots") ? answer : { ...answer, json: JSON.parse(text) };
      },
    };
    const { data, bookings } = await book({ http });
    expect(data).toMatchObject({
      status: "pending",
      reason: expect.stringContaining("Saturday, 5 December 2026 at 19:30, which is not what was asked for"),
    });
    expect(data).not.toHaveProperty("confirmation_number");
    const ended = await run("cancel", { booking_id: data.booking_id }, { bookings, http });
    expect(ended.data).toMatchObject({ status: "cancelled" });
  });
});

describe("a booking that somebody moved at Cal.com", () => {
  /** The old one stays accepted, and names the one that it became. */
  const moving = (moves: Record<string, string>): ToolContext["http"] => {
    const real = createTestClient();
    return {
      async json(request) {
        const uid = String(request.url).split("/").at(-1) ?? "";
        const path = Object.values(moves).reduce((url, to) => url.replace(to, first), String(request.url));
        const answer = await real.json({ ...request, url: path });
        if (request.method !== "GET" || !String(request.url).includes("/bookings/")) return answer;
        const text = JSON.stringify(answer.json).replaceAll(first, uid);
        const told = JSON.parse(uid === first ? text : text.replaceAll("2026-12-04T18:30", "2026-12-06T19:00"));
        return { ...answer, json: { ...told, data: { ...told.data, rescheduledToUid: moves[uid] ?? null } } };
      },
    };
  };
  let first: string;

  test("is shown, and cancelled, where it is now", async () => {
    const { data, bookings } = await book();
    first = data.confirmation_number ?? "";
    const http = moving({ [first]: "second", second: "third" });
    const shown = (await run("show", { booking_id: data.booking_id }, { bookings, http })).data as ShownBooking;
    expect(shown).toMatchObject({
      status: "confirmed",
      date: "2026-12-06",
      time: "20:00",
      starts_at: "2026-12-06T20:00:00+01:00",
      confirmation_number: "third",
      warnings: ["It was moved at Cal.com; before, it was on 2026-12-04 at 19:30"],
    });
    expect(bookings.kept).toMatchObject([{ date: "2026-12-06", time: "20:00", providerRef: "third" }]);
    const again = (await run("show", { booking_id: data.booking_id }, { bookings, http })).data as ShownBooking;
    expect(again.warnings).toHaveLength(1);
    const ended = await run("cancel", { booking_id: data.booking_id }, { bookings, http });
    expect(ended.data).toMatchObject({ status: "cancelled", date: "2026-12-06" });
  });

  test("in a circle is no answer: what is kept is shown, and the failure told", async () => {
    const { data, bookings } = await book();
    first = data.confirmation_number ?? "";
    const http = moving({ [first]: "second", second: first });
    const shown = await run("show", { booking_id: data.booking_id }, { bookings, http });
    expect(shown.data).toMatchObject({ status: "confirmed", date: "2026-12-04" });
    expect(shown.metadata).toMatchObject({ failed_providers: [{ code: "upstream_rejected" }] });
  });

  test("one whose end was lost on the way is ended all the same", async () => {
    const { data, bookings } = await book();
    const real = createTestClient({ deadlineMs: 300 });
    const http: ToolContext["http"] = {
      json(request) {
        if (request.method === "POST") sandbox.fail("cal-com", { kind: "truncated", times: 1 });
        return real.json(request);
      },
    };
    const cancel = () => run("cancel", { booking_id: data.booking_id }, { bookings, http });
    expect(await failureOf(cancel())).toMatchObject({ code: "upstream_rejected" });
    expect(bookings.kept).toMatchObject([{ status: "confirmed" }]);
    expect((await cancel()).data).toMatchObject({ status: "cancelled" });
    expect(posted().filter(({ path }) => path.endsWith("/cancel"))).toHaveLength(1);
  });
});
