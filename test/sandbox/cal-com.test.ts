import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventTypes } from "../../src/sandbox/cal-com/event-types.ts";
import { towns } from "../../src/sandbox/nominatim/world.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";

let sandbox: Sandbox;
let folder: string;
const now = () => new Date("2026-11-20T12:00:00Z");
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "mcqueen-cal-"));
  sandbox = await startSandbox({ folder, now });
});
afterEach(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true });
});

const bookings = "2026-02-25";
const slots = "2024-09-04";
async function ask(path: string, version: string | undefined, body?: unknown, of: Sandbox = sandbox) {
  const answer = await fetch(`${of.baseUrls.CALCOM_BASE_URL}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { "content-type": "application/json", ...(version === undefined ? {} : { "cal-api-version": version }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: tests look into every part
  return { status: answer.status, json: (await answer.json()) as any };
}

const attendee = { name: "Ada", email: "ada@example.org", timeZone: "Europe/Berlin" };
const wanted = { eventTypeId: 410_001, start: "2026-12-04T18:30:00Z", attendee };
const query = "eventTypeId=410001&start=2026-12-04&end=2026-12-04&timeZone=Europe/Berlin";

describe("the stand-in of Cal.com", () => {
  test("its restaurants stand in the towns of the map's stand-in", () => {
    const known = towns.flatMap(({ spots }) => spots.map(({ name }) => name));
    for (const { host } of eventTypes) expect(known).toContain(host.name);
  });

  test("offers what is free, a slot less for each booking", async () => {
    const before = (await ask(`/v2/slots?${query}`, slots)).json.data["2026-12-04"];
    expect(before[0]).toEqual({ start: "2026-12-04T17:00:00.000+01:00" });
    expect((await ask("/v2/bookings", bookings, wanted)).status).toBe(201);
    const after = (await ask(`/v2/slots?${query}`, slots)).json.data["2026-12-04"];
    expect(after).toHaveLength(before.length - 1);
    expect(after).not.toContainEqual({ start: "2026-12-04T19:30:00.000+01:00" });
  });

  test("tells days in the zone that is asked for", async () => {
    const tokyo = query.replace("Europe/Berlin", "Asia/Tokyo");
    const { json } = await ask(`/v2/slots?${tokyo}`, slots);
    expect(Object.keys(json.data)).toEqual(["2026-12-04"]);
    expect(json.data["2026-12-04"][0].start).toBe("2026-12-04T01:00:00.000+09:00");
  });

  const no: [
    name: string,
    path: string,
    version: string | undefined,
    body: unknown,
    status: number,
    message: string,
  ][] = [
    ["no version", `/v2/slots?${query}`, undefined, undefined, 404, "Cannot GET /api/v2/slots?"],
    ["another's version", `/v2/slots?${query}`, bookings, undefined, 404, "Cannot GET /api/v2/slots?"],
    ["no version of bookings", "/v2/bookings", undefined, wanted, 404, "Cannot POST /api/v2/bookings"],
    [
      "an unknown event type",
      "/v2/slots?eventTypeId=1&start=2026-12-04&end=2026-12-04",
      slots,
      undefined,
      404,
      "not found",
    ],
    ["no days", "/v2/slots?eventTypeId=410001", slots, undefined, 400, "start property is wrong"],
    ["an unknown parameter", `/v2/slots?${query}&seats=4`, slots, undefined, 400, "property seats should not exist"],
    [
      "days backwards",
      `/v2/slots?${query.replace("end=2026-12-04", "end=2026-12-01")}`,
      slots,
      undefined,
      400,
      "Invalid time",
    ],
    ["an empty body", "/v2/bookings", bookings, {}, 400, "start property is wrong"],
    ["an unknown property", "/v2/bookings", bookings, { ...wanted, seats: 4 }, 400, "property seats should not exist"],
    [
      "one of the attendee",
      "/v2/bookings",
      bookings,
      { ...wanted, attendee: { ...attendee, age: 3 } },
      400,
      "attendee.age",
    ],
    [
      "no email",
      "/v2/bookings",
      bookings,
      { ...wanted, attendee: { name: "A", timeZone: "UTC" } },
      400,
      "{email}error_required",
    ],
    ["no UTC", "/v2/bookings", bookings, { ...wanted, start: "2026-12-04T19:30:00+01:00" }, 400, "start must be"],
    ["the past", "/v2/bookings", bookings, { ...wanted, start: "2026-11-19T18:30:00Z" }, 400, "in the past"],
    ["an odd minute", "/v2/bookings", bookings, { ...wanted, start: "2026-12-04T18:31:00Z" }, 400, "is not available"],
    ["no such booking", "/v2/bookings/abcdefghijklmnopqrstuv", bookings, undefined, 404, "was not found"],
    ["a path", "/v2/bookings/..%2f..%2fx", bookings, undefined, 404, "was not found"],
    ["cancelling nothing", "/v2/bookings/abcdefghijklmnopqrstuv/cancel", bookings, {}, 404, "was not found"],
    ["the list, which wants a key", "/v2/bookings", bookings, undefined, 404, "Cannot GET"],
  ];
  test.each(no)("refuses %s", async (_name, path, version, body, status, message) => {
    const answer = await ask(path, version, body);
    expect(answer.status).toBe(status);
    expect(answer.json).toMatchObject({ status: "error", error: { message: expect.stringContaining(message) } });
  });

  test("of many at once one gets the table; after cancelling another one can", async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => ask("/v2/bookings", bookings, wanted)));
    expect(all.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 400)]);
    const uid = all.find(({ status }) => status === 201)?.json.data.uid;
    const cancelled = await ask(`/v2/bookings/${uid}/cancel`, bookings, { cancellationReason: "Ill" });
    expect(cancelled.json.data).toMatchObject({ uid, status: "cancelled", cancellationReason: "Ill" });
    expect(await ask(`/v2/bookings/${uid}/cancel`, bookings, {})).toMatchObject({ status: 400 });
    expect((await ask("/v2/bookings", bookings, wanted)).status).toBe(201);
  });

  test("another process of the sandbox knows what was booked", async () => {
    const { uid } = (await ask("/v2/bookings", bookings, wanted)).json.data;
    const other = await startSandbox({ folder, now });
    expect((await ask(`/v2/bookings/${uid}`, bookings, undefined, other)).json.data).toMatchObject({
      uid,
      status: "accepted",
    });
    expect((await ask("/v2/bookings", bookings, wanted, other)).status).toBe(400);
    await other.stop();
  });
});
