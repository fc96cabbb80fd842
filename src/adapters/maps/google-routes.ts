import { listIn, numberIn, present, recordIn, textIn, under } from "../../core/answer.ts";
import { AppError } from "../../core/errors.ts";
import { isRecord } from "../../core/parameters.ts";
import type { ToolContext } from "../../core/tool.ts";
import { acceptGoogle, googleHeaders, refusedByGoogle } from "./google.ts";
import { type Located, withPoint } from "./locate.ts";
import type { Meaning } from "./meaning.ts";
import type { RawRoute } from "./route.ts";
import type { Mode, UnitSystem } from "./schemas.ts";

export const googleRoutes = {
  name: "Google Routes",
  attribution: "Google Maps",
  sourceUrl: "https://www.google.com/maps",
} as const;

const travelModes: Record<Mode, string> = { driving: "DRIVE", walking: "WALK", cycling: "BICYCLE", transit: "TRANSIT" };
const pageModes: Record<Mode, string> = {
  driving: "driving",
  walking: "walking",
  cycling: "bicycling",
  transit: "transit",
};

const fields = [
  "routes.distanceMeters",
  "routes.duration",
  "routes.description",
  "routes.warnings",
  "routes.legs.startLocation",
  "routes.legs.endLocation",
  "routes.legs.steps.distanceMeters",
  "routes.legs.steps.staticDuration",
  "routes.legs.steps.navigationInstruction",
  "routes.legs.steps.startLocation",
  "routes.legs.steps.endLocation",
];
const transitFields = ["routes.legs.steps.transitDetails"];

export interface GoogleAnswer {
  origin: Located;
  destination: Located;
  routes: RawRoute[];
}

/**
 * Asks for the ways between two places, which may be addresses: Google finds them itself.
 * @throws AppError upstream_rejected and the like; also when no way was found, which another provider may still know
 */
export async function askGoogleRoutes(
  ends: { origin: Meaning; destination: Meaning },
  { mode, alternatives, units }: { mode: Mode; alternatives: boolean; units: UnitSystem },
  { http, config, signal, profile }: ToolContext,
): Promise<GoogleAnswer> {
  const answer = await http.json({
    provider: googleRoutes.name,
    method: "POST",
    url: under(config.GOOGLE_ROUTES_BASE_URL ?? "https://routes.googleapis.com", "/directions/v2:computeRoutes"),
    headers: googleHeaders(config.GOOGLE_MAPS_API_KEY, [...fields, ...(mode === "transit" ? transitFields : [])]),
    body: {
      origin: waypointOf(ends.origin),
      destination: waypointOf(ends.destination),
      travelMode: travelModes[mode],
      computeAlternativeRoutes: alternatives,
      languageCode: profile.locale ?? "en",
      units: units.toUpperCase(),
    },
    idempotent: true,
    signal,
    accept: acceptGoogle,
    refusal: (status, json) => refusedByGoogle(googleRoutes.name, status, json),
  });
  return parseGoogleRoutes(answer.json, ends, mode);
}

function waypointOf(meaning: Meaning): Record<string, unknown> {
  const point = meaning.kind === "point" ? meaning : meaning.kind === "saved" ? withPoint(meaning.place) : undefined;
  if (point) return { location: { latLng: { latitude: point.latitude, longitude: point.longitude } } };
  return { address: wordsOf(meaning) };
}

const wordsOf = (meaning: Meaning): string =>
  meaning.kind === "text"
    ? meaning.text
    : meaning.kind === "saved"
      ? (meaning.place.address ?? meaning.place.name)
      : "";

/** @throws AppError upstream_rejected, also when there is no route */
export function parseGoogleRoutes(
  json: unknown,
  ends: { origin: Meaning; destination: Meaning },
  mode: Mode,
): GoogleAnswer {
  const list = listIn(json, "routes") ?? [];
  const [first] = list;
  const legs = listIn(first, "legs") ?? [];
  const origin = endOf(ends.origin, startOf(legs[0]));
  const destination = endOf(ends.destination, startOf(legs.at(-1), "endLocation", -1));
  const mapUrl = `https://www.google.com/maps/dir/?${new URLSearchParams({
    api: "1",
    origin: `${origin.latitude},${origin.longitude}`,
    destination: `${destination.latitude},${destination.longitude}`,
    travelmode: pageModes[mode],
  })}`;
  const routes = list.flatMap((route) => routeOf(route, mapUrl) ?? []);
  const isPlaced = [origin, destination].every(({ latitude, longitude }) => Number.isFinite(latitude + longitude));
  if (!isRecord(json) || routes.length === 0 || !isPlaced) {
    throw new AppError("upstream_rejected", `${googleRoutes.name} found no way between these places`, {
      metadata: { provider: googleRoutes.name },
    });
  }
  return { origin, destination, routes };
}

/** A leg says where it begins and ends; where it does not, its steps do. */
function startOf(leg: unknown, key = "startLocation", at = 0): unknown {
  return recordIn(leg, key) ?? recordIn(listIn(leg, "steps")?.at(at), key);
}

/** Where Google started is where the place is, when only its words were known. */
function endOf(meaning: Meaning, location: unknown): Located {
  const saved = meaning.kind === "saved" ? meaning.place : undefined;
  const known = meaning.kind === "point" ? meaning : saved;
  const latLng = recordIn(location, "latLng");
  const latitude = known?.latitude ?? numberIn(latLng, "latitude") ?? Number.NaN;
  const longitude = known?.longitude ?? numberIn(latLng, "longitude") ?? Number.NaN;
  const name = saved?.name ?? (wordsOf(meaning) || `${latitude}, ${longitude}`);
  return present({ name, address: saved?.address, latitude, longitude });
}

function routeOf(route: unknown, mapUrl: string): RawRoute | undefined {
  const [metres, seconds] = [numberIn(route, "distanceMeters"), secondsIn(route, "duration")];
  if (metres === undefined || seconds === undefined) return undefined;
  const steps = (listIn(route, "legs") ?? []).flatMap((leg) => listIn(leg, "steps") ?? []);
  const warnings = (listIn(route, "warnings") ?? []).filter((warning) => typeof warning === "string");
  return {
    metres,
    seconds,
    summary: textIn(route, "description") ?? "",
    steps: steps.map((step) => ({
      instruction: instructionOf(step),
      metres: numberIn(step, "distanceMeters") ?? 0,
      seconds: secondsIn(step, "staticDuration") ?? 0,
    })),
    warnings,
    mapUrl,
  };
}

function instructionOf(step: unknown): string {
  const told = textIn(recordIn(step, "navigationInstruction"), "instructions");
  const transit = recordIn(step, "transitDetails");
  if (!transit) return told?.replace(/\s*\n\s*/g, ". ") ?? "Continue";
  const line = recordIn(transit, "transitLine");
  const stops = recordIn(transit, "stopDetails");
  const nameOf = (key: string): string | undefined => textIn(recordIn(stops, key), "name");
  const count = numberIn(transit, "stopCount");
  return [
    `Take ${textIn(line, "nameShort") ?? textIn(line, "name") ?? "the line"}`,
    textIn(transit, "headsign") ? `towards ${textIn(transit, "headsign")}` : "",
    nameOf("departureStop") ? `from ${nameOf("departureStop")}` : "",
    nameOf("arrivalStop") ? `to ${nameOf("arrivalStop")}` : "",
    count === undefined ? "" : `(${count} ${count === 1 ? "stop" : "stops"})`,
  ]
    .filter(Boolean)
    .join(" ");
}

/** "465s" */
function secondsIn(of: unknown, key: string): number | undefined {
  const found = /^(\d+(?:\.\d+)?)s$/.exec(textIn(of, key) ?? "");
  return found ? Number(found[1]) : undefined;
}
