import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/core/errors.ts";
import { callGoogle, createGoogleFetch } from "../../src/google/client.ts";
import { createTestClient, userAgent } from "../support/context.ts";
import { createServe, failureOf, status } from "../support/upstream.ts";

const serve = createServe();
const token = "ya29.canary-token";

function open(baseUrl: string, signal = new AbortController().signal) {
  const tokens: boolean[] = [];
  const fetchImplementation = createGoogleFetch({
    name: "Google Calendar",
    service: "google_calendar",
    baseUrl,
    http: createTestClient({ deadlineMs: 2_000 }),
    connection: {
      account: "default",
      scopes: [],
      async accessToken({ renew = false } = {}) {
        tokens.push(renew);
        return renew ? `${token}-new` : token;
      },
    },
    signal,
    isRead: (path) => path.endsWith("/freeBusy"),
  });
  const call = async <Data>(
    use: (calendar: Awaited<ReturnType<typeof library>>) => Promise<{ data: Data }>,
  ): Promise<Data> => {
    const calendar = await library(fetchImplementation);
    return callGoogle(signal, () => use(calendar));
  };
  return { tokens, call };
}

async function library(fetchImplementation: ReturnType<typeof createGoogleFetch>) {
  const { calendar } = await import("googleapis/build/src/apis/calendar/index.js");
  return calendar({ version: "v3", fetchImplementation, retry: false });
}

/** Answers, and notes what was asked while it can still be read. */
const noting = (asked: unknown[][], answer: () => Response) => (request: Request) => {
  const header = (name: string) => request.headers.get(name);
  asked.push([
    request.method,
    request.url,
    header("authorization"),
    header("if-match"),
    header("user-agent"),
    header("x-goog-api-client"),
  ]);
  return answer();
};

const refused = (code: number) => () => Response.json({ error: { code, message: "no" } }, { status: code });
const get = { calendarId: "primary", eventId: "abc" };

describe("requests of Google's library", () => {
  test("go to the base URL, with its path, by our own client", async () => {
    const asked: unknown[][] = [];
    const { url } = serve(noting(asked, () => Response.json({ id: "abc" })));
    const { call } = open(`${url}below/`);
    expect(await call((calendar) => calendar.events.get(get))).toMatchObject({ id: "abc" });
    const path = `${url}below/calendar/v3/calendars/primary/events/abc`;
    expect(asked).toEqual([["GET", path, `Bearer ${token}`, null, userAgent, null]]);
  });

  test("bear the etag, and an empty answer is one", async () => {
    const asked: unknown[][] = [];
    const { url } = serve(noting(asked, () => new Response(null, { status: 204 })));
    const { call } = open(url);
    await call((calendar) => calendar.events.delete(get, { headers: { "If-Match": '"1"' } }));
    expect([asked[0]?.[0], asked[0]?.[3]]).toEqual(["DELETE", '"1"']);
  });

  test("a refused token is renewed once", async () => {
    const asked: unknown[][] = [];
    const { url } = serve(
      refused(401),
      noting(asked, () => Response.json({ id: "abc" })),
    );
    const { call, tokens } = open(url);
    await call((calendar) => calendar.events.get(get));
    expect(tokens).toEqual([false, true]);
    expect(asked[0]?.[2]).toBe(`Bearer ${token}-new`);
    const never = serve(refused(401));
    expect(await failureOf(open(never.url).call((calendar) => calendar.events.get(get)))).toMatchObject({
      code: "auth_required",
    });
    expect(never.seen).toHaveLength(2);
  });

  test.each([
    ["events.get", 3, (calendar: Awaited<ReturnType<typeof library>>) => calendar.events.get(get)],
    ["events.delete", 1, (calendar: Awaited<ReturnType<typeof library>>) => calendar.events.delete(get)],
    [
      "events.insert",
      1,
      (calendar: Awaited<ReturnType<typeof library>>) =>
        calendar.events.insert({ calendarId: "primary", requestBody: {} }),
    ],
    [
      "freebusy.query",
      3,
      (calendar: Awaited<ReturnType<typeof library>>) => calendar.freebusy.query({ requestBody: {} }),
    ],
  ] as const)("%s is sent %d times to a service in trouble", async (_name, times, use) => {
    const { seen, url } = serve(status(503));
    const running = open(url).call<unknown>(
      use as (calendar: Awaited<ReturnType<typeof library>>) => Promise<{ data: unknown }>,
    );
    expect(await failureOf(running)).toMatchObject({ code: "upstream_rejected" });
    expect(seen).toHaveLength(times);
  });

  test.each([[400], [401], [403], [404], [409], [410], [412], [429], [500]])(
    "no failure with %d holds the token",
    async (code) => {
      const { url } = serve(refused(code));
      const error = await failureOf(open(url).call((calendar) => calendar.events.get(get)));
      expect(error).toBeInstanceOf(AppError);
      expect(Bun.inspect(error, { depth: 30, showHidden: true } as Bun.BunInspectOptions)).not.toContain("canary");
    },
  );

  test("what the library itself refuses says nothing of the request", async () => {
    const { url } = serve(refused(400));
    const error = await failureOf(open(url).call((calendar) => calendar.events.get({ calendarId: "canary" })));
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(AppError);
    expect(Bun.inspect(error, { depth: 30 })).not.toContain('"canary"');
  });
});
