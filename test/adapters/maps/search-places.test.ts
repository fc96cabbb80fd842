import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import { mapsHybrid } from "../../../src/adapters/maps/maps-hybrid.ts";
import { SavedOutput, SearchOutput } from "../../../src/adapters/maps/schemas.ts";
import type { ToolContext } from "../../../src/core/tool.ts";
import { type Sandbox, startSandbox } from "../../../src/sandbox/server.ts";
import { createContext, createTestClient } from "../../support/context.ts";
import { createOwnPlaces } from "../../support/places.ts";
import { providerFaults } from "../../support/provider-faults.ts";
import { failureOf } from "../../support/upstream.ts";

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.stop());

async function run(id: string, parameters: Record<string, unknown>, more: Partial<ToolContext> = {}, key?: string) {
  const action = mapsHybrid.actions.find((each) => each.id === id);
  if (!action) throw new Error(`there is no ${id}`);
  const config = { ...sandbox.baseUrls, GOOGLE_MAPS_API_KEY: key };
  const { data, metadata } = await action.run(parameters, createContext({ config, ...more }));
  // biome-ignore lint/suspicious/noExplicitAny: tests look into every part
  return { data: data as any, metadata };
}
const search = (parameters: Record<string, unknown>, more: Partial<ToolContext> = {}, key?: string) =>
  run("search_places", parameters, more, key);
const namesOf = (data: { places: { name: string }[] }): string[] => data.places.map(({ name }) => name);

describe("search_places", () => {
  test("gives what the map knows, and leaves out what it does not", async () => {
    const { data, metadata } = await search({ query: "restaurants in Berlin", limit: 3 });
    expect(Value.Check(SearchOutput, data)).toBe(true);
    expect(data.places).toHaveLength(3);
    expect(data.places[0]).toMatchObject({
      name: "Zum Alten Ufer",
      phone: "+49 30 23125 014",
      website: "https://zum-alten-ufer.example/",
      opening_hours: "Tu-Su 12:00-23:00; Mo off",
      kind: "restaurant",
    });
    expect(data.places[2]).not.toHaveProperty("phone");
    expect(metadata).toMatchObject({ provider: "Nominatim", attribution: "© OpenStreetMap contributors, ODbL" });
  });

  test("around a place: only what is near, with its distance", async () => {
    const { data } = await search({ query: "cafe", near: "Alexanderplatz, Berlin", units: "imperial" });
    expect(data.near.name).toBe("Alexanderplatz");
    expect(namesOf(data).sort()).toEqual(["Blue Door Coffee", "Café Morgenrot"]);
    for (const { distance_m, distance_text } of data.places) {
      expect(distance_m).toBeLessThan(7_000);
      expect(distance_text).toMatch(/ mi$/);
    }
  });

  test("nothing found is an empty list", async () => {
    expect((await search({ query: "Qwxlorbia" })).data.places).toEqual([]);
    expect((await search({ query: "Qwxlorbia" }, {}, "sandbox-key")).data.places).toEqual([]);
  });

  test("asks in the user's language", async () => {
    await search({ query: "Berlin" }, { profile: { locale: "de-DE" } });
    expect(sandbox.requests.at(-1)?.query["accept-language"]).toBe("de-DE");
  });

  test("one's own places of that name come first", async () => {
    const places = createOwnPlaces({ name: "Chez Marie", address: "12 Rue des Abbesses, Paris", label: "treat" });
    const { data } = await search({ query: "chez marie" }, { places });
    expect(data.places[0]).toMatchObject({
      id: "plc_0",
      saved: true,
      label: "treat",
      latitude: 48.8852,
      longitude: 2.3385,
    });
    expect(namesOf(data)).toEqual(["Chez Marie", "Chez Marie", "Chez Marie"]);
    expect(
      (await search({ query: "chez marie", saved_places: false }, { places })).data.places[0].saved,
    ).toBeUndefined();
  });

  test.each([
    ["javascript:alert(1)", undefined],
    ["https://bank.example@evil.example/", undefined],
    ["data:text/html,x", undefined],
    ["www.quay.example", "https://www.quay.example/"],
    ["https://quay.example/a", "https://quay.example/a"],
  ])("the website %j that somebody wrote into a map is %p", async (written, website) => {
    const found = { lat: "1", lon: "2", display_name: "Quay", extratags: { website: written } };
    const google = {
      places: [{ id: "a", displayName: { text: "Quay" }, websiteUri: written, googleMapsUri: written }],
    };
    await using map = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: ({ method }) => Response.json(method === "POST" ? google : [found]),
    });
    const config = { NOMINATIM_BASE_URL: String(map.url), GOOGLE_PLACES_BASE_URL: String(map.url) };
    for (const key of [undefined, "some-key"]) {
      const { data, metadata } = await search({ query: "quay" }, { config: { ...config, GOOGLE_MAPS_API_KEY: key } });
      expect(data.places[0].website).toBe(website as string);
      expect(metadata.untrusted).toContain("website");
      if (key) expect(data.places[0].url).toBe(website);
    }
  });

  test("a label is looked for nowhere else", async () => {
    const places = createOwnPlaces({ name: "Office", label: "work", latitude: 52.5, longitude: 13.4 });
    const { data, metadata } = await search({ query: "Work" }, { places });
    expect(namesOf(data)).toEqual(["Office"]);
    expect(metadata.provider).toBe("mcqueen");
    expect(sandbox.requests).toEqual([]);
  });

  test("one's own are shown although nobody else answers", async () => {
    const places = createOwnPlaces({ name: "Cabin", latitude: 52.5, longitude: 13.4 }, { name: "Qwxlorbia" });
    sandbox.fail("nominatim", { kind: "status", status: 403 });
    const { data, metadata } = await search({ query: "cabin" }, { places });
    expect(namesOf(data)).toEqual(["Cabin"]);
    expect(metadata.failed_providers).toMatchObject([{ provider: "Nominatim", code: "upstream_rejected" }]);
    expect((await search({ query: "qwxlorbia" }, { places })).data.places).toEqual([
      { id: "plc_1", name: "Qwxlorbia", saved: true },
    ]);
  });

  test.each(providerFaults)("%j everywhere, and nothing is one's own: %s", async (fault, code) => {
    for (const upstream of ["google-places", "nominatim"]) sandbox.fail(upstream, fault);
    const http = createTestClient({ deadlineMs: 300 });
    expect(await failureOf(search({ query: "cabin" }, { http }, "sandbox-key"))).toMatchObject({
      code,
      message: expect.stringMatching(/The places could not be looked up: Google Places .*; Nominatim /),
      metadata: {
        failed_providers: [
          { provider: "Google Places", code },
          { provider: "Nominatim", code },
        ],
      },
    });
  });

  test.each(providerFaults)("%j at Google is %s, and OpenStreetMap answers", async (fault, code) => {
    sandbox.fail("google-places", fault);
    const http = createTestClient({ deadlineMs: 300 });
    const { data, metadata } = await search({ query: "restaurant in Berlin" }, { http }, "sandbox-key");
    expect(metadata).toMatchObject({
      provider: "Nominatim",
      attribution: "© OpenStreetMap contributors, ODbL",
      failed_providers: [{ provider: "Google Places", code }],
    });
    expect(data.places).not.toEqual([]);
  });

  test("with a key Google answers", async () => {
    const near = "52.52,13.4";
    const { data, metadata } = await search({ query: "restaurant in Berlin", near, limit: 2 }, {}, "sandbox-key");
    expect(Value.Check(SearchOutput, data)).toBe(true);
    expect(metadata).toMatchObject({ provider: "Google Places", attribution: "Google Maps" });
    expect(data.places[0]).toMatchObject({
      name: "Zum Alten Ufer",
      phone: "+49 30 23125 014",
      opening_hours: expect.stringContaining("Monday: Closed; Tuesday: 12:00 – 23:00"),
      url: expect.stringMatching(/^https:\/\/maps\.google\.com\//),
    });
    const [asked] = sandbox.requests.filter(({ upstream }) => upstream === "google-places");
    expect(asked?.headers["x-goog-fieldmask"]?.split(",").every((path) => path.startsWith("places."))).toBe(true);
  });

  test("a refused key is told, and OpenStreetMap answers", async () => {
    const { metadata } = await search({ query: "Berlin" }, {}, "bad-key");
    expect(metadata).toMatchObject({ provider: "Nominatim", failed_providers: [{ provider: "Google Places" }] });
  });
});

describe("get_saved_places", () => {
  const places = createOwnPlaces(
    { name: "Café Morgenrot", address: "Kastanienallee 85, Berlin", note: "good cake" },
    { name: "Office", label: "work" },
  );

  test.each([
    [{}, ["Café Morgenrot", "Office"], 2],
    [{ query: "cafe" }, ["Café Morgenrot"], 1],
    [{ query: "CAKE" }, ["Café Morgenrot"], 1],
    [{ query: "work" }, ["Office"], 1],
    [{ query: "nothing" }, [], 0],
    [{ limit: 1 }, ["Café Morgenrot"], 2],
  ])("%j gives %j", async (parameters, names, total) => {
    const { data } = await run("get_saved_places", parameters, { places });
    expect(Value.Check(SavedOutput, data)).toBe(true);
    expect(data.saved_places.map(({ name }: { name: string }) => name)).toEqual(names);
    expect(data.total).toBe(total);
    expect(sandbox.requests).toEqual([]);
  });

  test("without a person there are none", async () => {
    expect(await failureOf(run("get_saved_places", {}))).toMatchObject({ code: "unauthenticated" });
  });
});
