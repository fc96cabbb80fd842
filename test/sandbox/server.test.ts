import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { all } from "../../src/sandbox/all.ts";
import { createFaults } from "../../src/sandbox/faults.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.stop());

const search = (name = "Oslo"): Promise<Response> =>
  fetch(`${sandbox.baseUrls.WEATHER_GEOCODING_BASE_URL}/v1/search?name=${name}`, { headers: { "x-test": "yes" } });
const upstream = "open-meteo-geocoding";

describe("the sandbox", () => {
  test("gives each upstream a base URL on this computer only", () => {
    expect(Object.keys(sandbox.baseUrls).sort()).toEqual([
      "BRAVE_BASE_URL",
      "CALCOM_BASE_URL",
      "GMAIL_BASE_URL",
      "GOOGLE_ACCOUNTS_BASE_URL",
      "GOOGLE_API_BASE_URL",
      "GOOGLE_CALENDAR_BASE_URL",
      "GOOGLE_CLIENT_ID",
      "GOOGLE_CLIENT_SECRET",
      "GOOGLE_CLIENT_TYPE",
      "GOOGLE_OAUTH_BASE_URL",
      "GOOGLE_PLACES_BASE_URL",
      "GOOGLE_ROUTES_BASE_URL",
      "LINKEDIN_BASE_URL",
      "LINKEDIN_CLIENT_ID",
      "LINKEDIN_CLIENT_SECRET",
      "LINKEDIN_OAUTH_BASE_URL",
      "METNO_BASE_URL",
      "NOMINATIM_BASE_URL",
      "NOTES_BASE_URL",
      "OPENWEATHER_BASE_URL",
      "OSRM_BASE_URL",
      "OSRM_BIKE_BASE_URL",
      "OSRM_FOOT_BASE_URL",
      "SEARXNG_URL",
      "SLACK_BASE_URL",
      "SLACK_BOT_TOKEN",
      "SLACK_CLIENT_ID",
      "SLACK_CLIENT_SECRET",
      "TAVILY_BASE_URL",
      "WEATHER_BASE_URL",
      "WEATHER_GEOCODING_BASE_URL",
      "WHATSAPP_API_TOKEN",
      "WHATSAPP_APP_SECRET",
      "WHATSAPP_BASE_URL",
      "WHATSAPP_PHONE_NUMBER_ID",
      "WHATSAPP_VERIFY_TOKEN",
      "WIKIPEDIA_BASE_URL",
    ]);
    for (const { setting } of all) expect(sandbox.baseUrls[setting]).toStartWith("http://127.0.0.1:");
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
  });

  test("remembers what was asked", async () => {
    await search("Ab");
    expect(sandbox.requests).toMatchObject([
      { upstream, method: "GET", path: "/v1/search", query: { name: "Ab" }, headers: { "x-test": "yes" } },
    ]);
  });

  test("an upstream that is not there is not found", async () => {
    const { origin } = new URL(sandbox.baseUrls.METNO_BASE_URL ?? "");
    expect((await fetch(`${origin}/nobody/v1`)).status).toBe(404);
    expect(() => sandbox.fail("nobody", { kind: "empty" })).toThrow("There is no stand-in of nobody");
  });

  test("two sandboxes do not share faults", async () => {
    const other = await startSandbox();
    other.fail(upstream, { kind: "status", status: 500 });
    expect((await search()).status).toBe(200);
    await other.stop();
  });
});

describe("faults", () => {
  test("status, with Retry-After, in the service's own words, as often as told", async () => {
    sandbox.fail(upstream, { kind: "status", status: 429, retryAfter: 7, times: 2 });
    const answers = [await search(), await search(), await search()];
    expect(answers.map(({ status }) => status)).toEqual([429, 429, 200]);
    expect(answers[0]?.headers.get("retry-after")).toBe("7");
    expect(await answers[0]?.json()).toMatchObject({ error: true });
  });

  test("without a number a fault stays", async () => {
    sandbox.fail(upstream, { kind: "empty" });
    for (let tries = 0; tries < 5; tries++) expect(await (await search()).text()).toBe("");
  });

  test("garbage is no JSON, truncated was JSON", async () => {
    const whole = await (await search()).text();
    sandbox.fail(upstream, { kind: "garbage", times: 1 });
    sandbox.fail(upstream, { kind: "truncated", times: 1 });
    const [garbage, truncated] = [await (await search()).text(), await (await search()).text()];
    expect(() => JSON.parse(garbage)).toThrow();
    expect(() => JSON.parse(truncated)).toThrow();
    expect(whole).toStartWith(truncated);
    expect(truncated.length).toBeGreaterThan(10);
  });

  test("reset breaks the connection", async () => {
    sandbox.fail(upstream, { kind: "reset", times: 1 });
    await expect(search()).rejects.toMatchObject({ code: "ECONNRESET" });
    expect((await search()).status).toBe(200);
  });

  test("slow answers in the end, and fully", async () => {
    sandbox.fail(upstream, { kind: "slow", ms: 20 });
    expect(await (await search()).json()).toMatchObject({ results: [{ name: "Oslo" }] });
  });

  test("a timeout answers nothing until the sandbox stops", async () => {
    const hanging = await startSandbox();
    hanging.fail("met-norway", { kind: "timeout" });
    let settled = false;
    const request = fetch(`${hanging.baseUrls.METNO_BASE_URL}/x`).finally(() => {
      settled = true;
    });
    request.catch(() => undefined);
    await fetch(`${hanging.baseUrls.WEATHER_BASE_URL}/x`);
    while (hanging.requests.length < 2) await Bun.sleep(1);
    expect(settled).toBe(false);
    await hanging.stop();
    await Promise.allSettled([request]);
    expect(settled).toBe(true);
  });

  test("are met in the order in which they were told", () => {
    const faults = createFaults();
    faults.add({ kind: "empty", times: 1 });
    faults.add({ kind: "garbage", times: 1 });
    expect([faults.next()?.kind, faults.next()?.kind, faults.next()]).toEqual(["empty", "garbage", undefined]);
  });
});
