import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { find } from "../../src/sandbox/nominatim/search.ts";
import { towns } from "../../src/sandbox/nominatim/world.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox();
});
afterAll(() => sandbox.stop());

const ask = (query: string, headers: Record<string, string> = { "user-agent": "test/1" }): Promise<Response> =>
  fetch(`${sandbox.baseUrls.NOMINATIM_BASE_URL}${query}`, { headers });

describe("the stand-in of Nominatim", () => {
  test.each([
    ["/search?format=jsonv2&q=Berlin&colour=red", 400],
    ["/search?format=jsonv2&q=", 400],
    ["/search?format=jsonv2", 400],
    ["/search?q=Berlin", 400],
    ["/search?format=jsonv2&q=Berlin&limit=x", 400],
    ["/search?format=jsonv2&q=Berlin&bounded=1&viewbox=1,2,3", 400],
    ["/details?place_id=1", 404],
    ["/search?format=jsonv2&q=Berlin&limit=1", 200],
  ])("%s is answered with %d", async (query, status) => {
    const response = await ask(query);
    expect(response.status).toBe(status);
    const body = await response.json();
    if (status >= 400) expect(body).toEqual({ error: { code: status, message: expect.any(String) } });
  });

  test("who does not say whose client it is stays outside", async () => {
    const response = await ask("/search?format=jsonv2&q=Berlin", {});
    expect(response.status).toBe(403);
    expect(await response.text()).toContain("Access blocked");
  });

  test("details and tags come only when asked for", async () => {
    const [bare] = (await (await ask("/search?format=jsonv2&q=Louvre&limit=1")).json()) as object[];
    expect(bare).not.toHaveProperty("address");
    expect(bare).not.toHaveProperty("extratags");
  });

  test.each([
    ["Brandenburg Gate", "Brandenburg Gate"],
    ["brandenburger tor, berlin", "Brandenburg Gate"],
    ["Tour Eiffel", "Eiffel Tower"],
    ["10 Downing St, London", "Prime Minister's Office"],
    ["restaurant near Kastanienallee Berlin", "Trattoria Bella"],
    ["Gare du Nord", "Paris Gare du Nord"],
    ["New York", "New York"],
    ["浅草寺", "Senso-ji"],
  ])("%s is %s", (query, name) => {
    expect(find(query)[0]?.name).toBe(name);
  });

  test.each([[""], ["in the"], ["Qwxlorbia"], ["Brandenburg Gate Paris"], ["Unter den Linden 999"]])(
    "%p is nowhere",
    (query) => {
      expect(find(query)).toEqual([]);
    },
  );

  test("an address stands in its street", () => {
    const [house] = find("Unter den Linden 77, Berlin");
    expect(house).toMatchObject({ type: "house", houseNumber: "77", street: "Unter den Linden", postcode: "10117" });
  });

  test("each town has restaurants of all kinds", () => {
    for (const { spots } of towns) {
      const restaurants = spots.filter(({ type }) => type === "restaurant").map(({ tags }) => tags);
      expect(restaurants.length).toBeGreaterThanOrEqual(3);
      const hasPhone = (tags: Record<string, string>) => "phone" in tags || "contact:phone" in tags;
      expect(restaurants.some(hasPhone)).toBe(true);
      expect(restaurants.every(hasPhone)).toBe(false);
      expect(restaurants.some((tags) => !("website" in tags))).toBe(true);
      expect(restaurants.some((tags) => !("opening_hours" in tags))).toBe(true);
    }
    const all = towns.flatMap(({ spots }) => spots.map(({ tags }) => tags.opening_hours ?? ""));
    expect(all.some((hours) => hours.includes("Mo off"))).toBe(true);
  });
});
