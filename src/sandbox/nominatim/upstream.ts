import type { Upstream } from "../upstream.ts";
import { type Found, find } from "./search.ts";

const licence = "Data © OpenStreetMap contributors, ODbL 1.0. http://osm.org/copyright";
const known = new Set([
  "q",
  "format",
  "limit",
  "addressdetails",
  "extratags",
  "namedetails",
  "accept-language",
  "countrycodes",
  "viewbox",
  "bounded",
]);

export const nominatim: Upstream = {
  id: "nominatim",
  setting: "NOMINATIM_BASE_URL",
  failure: (status) => ({ error: { code: status, message: `The service answers ${status}` } }),
  answer(request, path, query) {
    const agent = request.headers.get("user-agent") ?? "";
    if (agent === "" || /^Bun\//.test(agent)) return blocked();
    if (request.method !== "GET" || path !== "/search") return refuse(404, "Not found");
    const unknown = [...query.keys()].find((name) => !known.has(name));
    if (unknown !== undefined) return refuse(400, `Unknown parameter '${unknown}'`);
    if (query.get("format") !== "jsonv2") {
      return refuse(400, "Parameter 'format' must be one of: xml, json, jsonv2, geojson, geocodejson");
    }
    const text = query.get("q") ?? "";
    if (text.trim() === "") return refuse(400, "Nothing to search for.");
    const limit = Number(query.get("limit") ?? 10);
    if (!Number.isInteger(limit)) return refuse(400, "Parameter 'limit' must be a number.");
    const box = query.get("bounded") === "1" ? boxOf(query.get("viewbox")) : undefined;
    if (box === "bad") return refuse(400, "Bad parameter 'viewbox'.");
    const countries = query.get("countrycodes")?.toLowerCase().split(",");
    const results = find(text)
      .filter(({ town }) => countries === undefined || countries.includes(town.countryCode))
      .filter((found) => box === undefined || isWithin(found, box))
      .slice(0, Math.min(Math.max(limit, 1), 40));
    const isOn = (name: string): boolean => query.get(name) === "1";
    return Response.json(results.map((found) => resultOf(found, isOn("addressdetails"), isOn("extratags"))));
  },
};

const refuse = (status: number, message: string): Response =>
  Response.json({ error: { code: status, message } }, { status });

const blocked = (): Response =>
  new Response(
    "<html>\n<head>\n<title>Access blocked</title>\n</head>\n<body>\n<h1>Access blocked</h1>\n\n<p>You have been blocked because you have violated the usage policy: send a valid User-Agent.</p>\n</body>\n</html>\n",
    { status: 403, headers: { "content-type": "text/html" } },
  );

type Box = { west: number; east: number; south: number; north: number };

/** Any two opposite corners, as the real one takes them. */
function boxOf(text: string | null): Box | "bad" | undefined {
  if (text === null) return undefined;
  const [x1 = Number.NaN, y1 = Number.NaN, x2 = Number.NaN, y2 = Number.NaN, ...more] = text.split(",").map(Number);
  if ([x1, y1, x2, y2].some(Number.isNaN) || more.length > 0) return "bad";
  return { west: Math.min(x1, x2), east: Math.max(x1, x2), south: Math.min(y1, y2), north: Math.max(y1, y2) };
}

const isWithin = ({ latitude, longitude }: Found, { west, east, south, north }: Box): boolean =>
  longitude >= west && longitude <= east && latitude >= south && latitude <= north;

function resultOf(found: Found, hasAddress: boolean, hasTags: boolean): Record<string, unknown> {
  const { town, category, type, name, latitude, longitude, houseNumber, street, suburb, postcode } = found;
  const id = category === "boundary" ? town.osmId : idOf(`${town.name} ${name} ${houseNumber} ${street}`);
  const isArea = category === "boundary";
  const shown = category === "highway" ? undefined : name || undefined;
  const parts = [
    shown,
    houseNumber,
    street,
    suburb,
    isArea ? undefined : town.name,
    town.state,
    postcode,
    town.country,
  ];
  const size = isArea ? 0.15 : 0.0005;
  return {
    place_id: id + 1000,
    licence,
    osm_type: isArea ? "relation" : category === "highway" ? "way" : "node",
    osm_id: id,
    lat: latitude.toFixed(7),
    lon: longitude.toFixed(7),
    category,
    type,
    place_rank: isArea ? 8 : category === "highway" ? 26 : 30,
    importance: found.importance,
    addresstype: isArea ? "city" : category === "highway" ? "road" : type === "house" ? "place" : category,
    name,
    display_name: parts.filter((part, at) => part && parts.indexOf(part) === at).join(", "),
    ...(hasAddress ? { address: addressOf(found, shown) } : {}),
    ...(hasTags ? { extratags: found.tags } : {}),
    boundingbox: [latitude - size, latitude + size, longitude - size, longitude + size].map((edge) => edge.toFixed(7)),
  };
}

function addressOf({ town, category, houseNumber, street, suburb, postcode }: Found, name?: string) {
  return {
    ...(category !== "boundary" && name ? { [category]: name } : {}),
    ...(houseNumber ? { house_number: houseNumber } : {}),
    ...(street ? { road: street, suburb } : {}),
    city: town.name,
    ...(town.state === town.name && town.countryCode !== "us" ? {} : { state: town.state }),
    ...(postcode ? { postcode } : {}),
    country: town.country,
    country_code: town.countryCode,
  };
}

/** The same number for the same place, always. */
function idOf(text: string): number {
  let hash = 17;
  for (const letter of text) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 900_000_001;
  return hash + 100_000_000;
}
