import { expect, test } from "bun:test";
import { run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";

const found = {
  osm_type: "node",
  osm_id: 1,
  lat: "52.5",
  lon: "13.4",
  category: "amenity",
  type: "restaurant",
  name: "Quay",
  display_name: "Quay, Berlin",
  address: { city: "Berlin", country_code: "de" },
};

test("processes and tools share the public Nominatim's one request a second", async () => {
  const came: { at: number; url: string; agent: string | null }[] = [];
  // Stands between, as a proxy: only the real name is paced.
  await using proxy = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: ({ url, headers }) => {
      came.push({ at: Date.now(), url, agent: headers.get("user-agent") });
      return Response.json([found]);
    },
  });
  using home = createHome();
  const env = { HTTP_PROXY: String(proxy.url), NOMINATIM_BASE_URL: "http://nominatim.openstreetmap.org" };
  const at = (...words: string[]) => run([...words, "--json"], { home: home.path, env });
  await at("providers");
  const started = Date.now();
  const wish = ["--restaurant-name", "Quay", "--date", "2099-12-04", "--time", "19:30", "--party-size", "2", "--yes"];
  const runs = await Promise.all([
    at("run", "maps_hybrid", "search_places", "--query", "cafe"),
    at("run", "maps_hybrid", "search_places", "--query", "bar"),
    at("run", "book_restaurant_public", ...wish),
  ]);
  expect(runs.map(({ json }) => json.metadata.provider)).toEqual(["Nominatim", "Nominatim", "Nominatim"]);
  expect(came).toHaveLength(3);
  for (const [turn, { at: time, url, agent }] of came.entries()) {
    expect(time - started).toBeGreaterThanOrEqual(turn * 1_000);
    expect(url).toStartWith("http://nominatim.openstreetmap.org/search?q=");
    expect(agent).toMatch(/^mcqueen\/\S+ \(/);
  }
}, 30_000);
