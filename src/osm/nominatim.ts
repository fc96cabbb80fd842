import { listIn, notUnderstood, present, recordIn, textIn, under } from "../core/answer.ts";
import { isRecord } from "../core/parameters.ts";
import type { ToolContext } from "../core/tool.ts";
import { addressLine, cityOf } from "./address.ts";

export const nominatim = {
  name: "Nominatim",
  attribution: "© OpenStreetMap contributors, ODbL",
  sourceUrl: "https://www.openstreetmap.org/copyright",
  /** Settings that an adapter which searches declares in its `config`. */
  settings: ["NOMINATIM_BASE_URL"],
} as const;

/** A place as OpenStreetMap knows it. What it does not know is absent. */
export interface OsmPlace {
  /** "way/24981342", also the end of its address at openstreetmap.org. */
  id: string;
  name: string;
  address: string;
  latitude: number;
  longitude: number;
  /** The main tag: "amenity" and "restaurant", "place" and "city", "highway" and "residential". */
  category: string;
  type: string;
  city?: string;
  /** ISO 3166, in capitals. */
  countryCode?: string;
  phone?: string;
  email?: string;
  website?: string;
  /** In the language of the tag `opening_hours`: "Tu-Su 12:00-22:00; Mo off". */
  openingHours?: string;
  cuisine?: string;
  url: string;
  /** All further tags as they are: `reservation`, `reservation:website`, `wheelchair`, … */
  tags: Record<string, string>;
}

export interface OsmSearch {
  /** Free text: an address, a name, "cafe in Berlin". */
  query: string;
  /** 1 to 40; 5 unless told. */
  limit?: number;
  /** BCP 47; the language of names where the map has it. English unless told. */
  language?: string;
  /** Only places within these degrees. */
  within?: { west: number; south: number; east: number; north: number };
}

type Reach = Pick<ToolContext, "http" | "config" | "signal">;

/**
 * Asks Nominatim for places, the best match first; none gives an empty list. The public server gets one request a second, over all processes.
 * @throws AppError upstream_unavailable, timeout, rate_limited, upstream_rejected
 */
export async function searchNominatim(
  { query, limit = 5, language, within }: OsmSearch,
  { http, config, signal }: Reach,
): Promise<{ places: OsmPlace[]; cached: boolean }> {
  const base = config.NOMINATIM_BASE_URL ?? "https://nominatim.openstreetmap.org";
  const answer = await http.json({
    provider: nominatim.name,
    url: under(base, "/search"),
    query: {
      q: query,
      format: "jsonv2",
      addressdetails: 1,
      extratags: 1,
      limit,
      "accept-language": language ?? "en",
      ...(within ? { viewbox: [within.west, within.north, within.east, within.south].join(","), bounded: 1 } : {}),
    },
    signal,
    ...(isPublic(base) ? { pace: { everyMs, key: "nominatim" } } : {}),
    cache: 86_400,
    keep: Array.isArray,
  });
  return { places: parseNominatim(answer.json), cached: answer.cached };
}

/** One request a second, and a margin: one process takes longer to send than another. */
const everyMs = 1_100;

/** A server of one's own has no such rule. */
const isPublic = (base: string): boolean => URL.parse(base)?.hostname.endsWith(".openstreetmap.org") ?? false;

/** Reads `format=jsonv2`, and `json`, whose category is called `class`. @throws AppError upstream_rejected */
export function parseNominatim(json: unknown): OsmPlace[] {
  const results = listIn({ results: json }, "results");
  if (!results) throw notUnderstood(nominatim.name);
  return results.flatMap((result) => placeOf(result) ?? []);
}

function placeOf(result: unknown): OsmPlace | undefined {
  const [latitude, longitude] = [degreesIn(result, "lat"), degreesIn(result, "lon")];
  const longName = textIn(result, "display_name");
  if (latitude === undefined || longitude === undefined || longName === undefined) return undefined;
  const address = recordIn(result, "address");
  const [told, osmId] = [textIn(result, "osm_type"), isRecord(result) ? result.osm_id : undefined];
  const osmType = ["node", "way", "relation"].find((kind) => kind === told);
  const id = osmType && typeof osmId === "number" ? `${osmType}/${osmId}` : `${latitude},${longitude}`;
  const [category = "", type = ""] = [textIn(result, "category") ?? textIn(result, "class"), textIn(result, "type")];
  const tags = textsOf(recordIn(result, "extratags"));
  const first = (...keys: string[]): string | undefined => keys.map((key) => tags[key]).find(Boolean);
  return present({
    id,
    name: textIn(result, "name") ?? textIn(address, category) ?? streetName(address) ?? firstPart(longName),
    address: addressLine(address) ?? longName,
    latitude,
    longitude,
    category,
    type,
    city: cityOf(address),
    countryCode: textIn(address, "country_code")?.toUpperCase(),
    phone: first("phone", "contact:phone", "contact:mobile", "mobile"),
    email: first("email", "contact:email"),
    website: first("website", "contact:website", "url"),
    openingHours: first("opening_hours"),
    cuisine: first("cuisine"),
    url: osmType && typeof osmId === "number" ? `https://www.openstreetmap.org/${id}` : mapUrl(latitude, longitude),
    tags,
  }) satisfies OsmPlace;
}

/** A page on which a person sees the point. */
const mapUrl = (latitude: number, longitude: number): string =>
  `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=17/${latitude}/${longitude}`;

const streetName = (address: unknown): string | undefined => addressLine(address)?.split(", ")[0];
const firstPart = (longName: string): string => longName.split(", ")[0] ?? longName;

/** Coordinates come as texts. */
function degreesIn(of: unknown, key: string): number | undefined {
  const text = textIn(of, key);
  const degrees = text === undefined ? Number.NaN : Number(text);
  return Number.isFinite(degrees) ? degrees : undefined;
}

const textsOf = (of: Record<string, unknown> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(of).filter((pair): pair is [string, string] => typeof pair[1] === "string"));
