import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createEmulator, type Emulator } from "emulate";
import type { Event } from "../../../src/adapters/calendar/event-schema.ts";
import { ada, startCalendar } from "../../support/calendar.ts";

const now = () => new Date("2030-03-12T12:20:00Z");
let calendar: Awaited<ReturnType<typeof startCalendar>>;
let emulator: Emulator;

/** It stops the process when a port is taken, so it gets one that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  const { port } = server;
  await server.stop(true);
  return Number(port);
}

beforeAll(async () => {
  calendar = await startCalendar(now);
  emulator = await createEmulator({
    service: "google",
    port: await freePort(),
    seed: { tokens: { "second-opinion": { login: ada } }, google: { users: [{ email: ada, name: "Ada Lovelace" }] } },
  });
});
afterAll(async () => {
  await emulator.close();
  await calendar.stop();
});

const run = async (action: string, given: Record<string, unknown>, theirs: boolean) =>
  calendar.run(action, given, {
    ...(theirs
      ? {
          config: { GOOGLE_CALENDAR_BASE_URL: emulator.url },
          connection: { account: "default", scopes: [], accessToken: async () => "second-opinion" },
        }
      : {}),
  });
/** What does not depend on who answers. */
const common = ({ title, start, end, all_day, location, status, end_exclusive }: Event) => ({
  title,
  start,
  end,
  all_day,
  location,
  status,
  end_exclusive,
});

/** The same calls to somebody else's emulator of Google, which knows no get, patch or repetition. */
describe("a second opinion", () => {
  const rows: [name: string, given: Record<string, unknown>][] = [
    ["a time", { event_title: "Tea", start_date: "2030-03-26T15:00", location: "Garden" }],
    ["a time in another zone", { event_title: "Call", start_date: "2030-03-26T15:00", time_zone: "America/New_York" }],
    ["a day", { event_title: "Away", start_date: "2030-03-15" }],
    ["days", { event_title: "Fair", start_date: "2030-03-16", end_date: "2030-03-18" }],
  ];
  test.each(rows)("create_event with %s", async (_name, given) => {
    const told = await Promise.all([false, true].map((theirs) => run("create_event", given, theirs)));
    const [ours, others] = told.map(({ data }) => common((data as { event: Event }).event));
    expect(others).toEqual(ours);
    expect(told[1]?.metadata.understood).toEqual(told[0]?.metadata.understood);
  });

  test("get_events and free_busy", async () => {
    const range = { start_date: "2030-03-26T00:00", end_date: "2030-03-27T00:00" };
    const list = async (theirs: boolean) =>
      ((await run("get_events", range, theirs)).data as { events: Event[] }).events.filter(({ title }) =>
        ["Tea", "Call"].includes(String(title)),
      );
    const [ours, others] = [await list(false), await list(true)];
    expect(others.map(common)).toEqual(ours.map(common));
    const busy = async (theirs: boolean) =>
      (await run("free_busy", { ...range, start_date: "2030-03-26T14:00" }, theirs)).data;
    const [mine, theirs] = [await busy(false), await busy(true)] as { calendars: { busy: unknown[] }[] }[];
    const stretches = theirs?.calendars[0]?.busy ?? [];
    expect(stretches.length).toBeGreaterThan(0);
    for (const each of stretches) expect(mine?.calendars[0]?.busy).toContainEqual(each);
  });
});
