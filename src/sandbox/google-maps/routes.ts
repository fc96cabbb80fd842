import { isRecord } from "../../core/parameters.ts";
import { find } from "../nominatim/search.ts";
import { modifierOf, type Piece, type Plan, type Point, plan, type Vehicle } from "../osrm/router.ts";
import type { Upstream } from "../upstream.ts";
import { googleFailure, masked, refuse, statusNames, stop, strayField, strayName } from "./door.ts";

const known = [
  "origin",
  "destination",
  "travelMode",
  "routingPreference",
  "computeAlternativeRoutes",
  "languageCode",
  "regionCode",
  "units",
  "departureTime",
];
const vehicles: Record<string, Vehicle> = {
  DRIVE: "driving",
  TWO_WHEELER: "driving",
  WALK: "foot",
  BICYCLE: "bike",
  TRANSIT: "driving",
};
const allowed = ["routes", "geocodingResults", "fallbackInfo"];

export const googleRoutes: Upstream = {
  id: "google-routes",
  setting: "GOOGLE_ROUTES_BASE_URL",
  failure: (status) => googleFailure(status, statusNames[status] ?? "UNKNOWN", `The service answers ${status}`),
  async answer(request, path) {
    if (request.method !== "POST" || path !== "/directions/v2:computeRoutes")
      return refuse(404, "Requested entity was not found.");
    const stopped = stop(request, "routes.googleapis.com", allowed);
    if (stopped) return stopped;
    const body: unknown = await request.json();
    if (!isRecord(body)) return refuse(400, "Invalid JSON payload received.");
    const stray = strayName(body, known);
    if (stray !== undefined) return strayField(stray, "");
    const mode = String(body.travelMode ?? "DRIVE");
    const vehicle = vehicles[mode];
    if (!vehicle)
      return refuse(
        400,
        `Invalid value at 'travel_mode' (type.googleapis.com/google.maps.routing.v2.RouteTravelMode), "${mode}"`,
      );
    if (body.routingPreference !== undefined && vehicle !== "driving")
      return refuse(400, "Routing preference cannot be set for this travel mode.");
    const ends = [body.origin, body.destination].map(pointOf);
    const [from, to] = ends;
    if (from === "bad" || to === "bad") return refuse(400, "Waypoint must have a location, a place ID or an address.");
    if (!from || !to) return Response.json({});
    const variants = body.computeAlternativeRoutes === true ? [0, 1] : [0];
    const plans = variants
      .map((variant) => plan(from, to, vehicle, variant))
      .filter((each) => typeof each !== "string")
      .sort((a, b) => a.seconds - b.seconds);
    const mask = request.headers.get("x-goog-fieldmask") ?? "*";
    return Response.json(plans.length === 0 ? {} : masked({ routes: plans.map((each) => routeOf(each, mode)) }, mask));
  },
};

/** A point, or an address that is looked up; undefined for one that is nowhere. */
function pointOf(waypoint: unknown): Point | "bad" | undefined {
  if (!isRecord(waypoint)) return "bad";
  if (typeof waypoint.address === "string") return find(waypoint.address)[0];
  const location =
    isRecord(waypoint.location) && isRecord(waypoint.location.latLng) ? waypoint.location.latLng : undefined;
  const { latitude, longitude } = location ?? {};
  return typeof latitude === "number" && typeof longitude === "number" ? { latitude, longitude } : "bad";
}

const latLng = ({ latitude, longitude }: Point) => ({ latLng: { latitude, longitude } });
const kilometres = (metres: number): string =>
  metres < 100 ? `${Math.round(metres)} m` : `${(metres / 1000).toFixed(1)} km`;
const minutes = (seconds: number): string => {
  const count = Math.max(1, Math.round(seconds / 60));
  return `${count} min${count === 1 ? "" : "s"}`;
};

function routeOf({ pieces, end, metres, seconds }: Plan, mode: string) {
  const [duration, distanceMeters] = [`${Math.round(seconds)}s`, Math.round(metres)];
  return {
    legs: [
      {
        distanceMeters,
        duration,
        staticDuration: duration,
        startLocation: latLng(pieces[0]?.from ?? end),
        endLocation: latLng(end),
        steps: pieces.map((piece, at) => stepOf(piece, pieces[at - 1], pieces[at + 1]?.from ?? end, mode)),
      },
    ],
    distanceMeters,
    duration,
    staticDuration: duration,
    description: pieces
      .map(({ name, ref }) => name || ref)
      .slice(0, 2)
      .join(" and "),
    ...(mode === "WALK" || mode === "BICYCLE"
      ? { warnings: ["Walking and bicycling directions are in beta. Use caution."] }
      : {}),
    localizedValues: {
      distance: { text: kilometres(metres) },
      duration: { text: minutes(seconds) },
      staticDuration: { text: minutes(seconds) },
    },
  };
}

function stepOf(piece: Piece, before: Piece | undefined, next: Point, mode: string) {
  const name = piece.name || piece.ref || "the road";
  const modifier = before ? modifierOf(before.bearing, piece.bearing) : "";
  const [maneuver, instructions] =
    before === undefined
      ? ["DEPART", `Head off on ${name}`]
      : modifier === "straight"
        ? ["NAME_CHANGE", `Continue onto ${name}`]
        : [`TURN_${modifier.toUpperCase().replaceAll(" ", "_")}`, `Turn ${modifier} onto ${name}\nMind the signs`];
  return {
    distanceMeters: Math.round(piece.metres),
    staticDuration: `${Math.round(piece.seconds)}s`,
    startLocation: latLng(piece.from),
    endLocation: latLng(next),
    navigationInstruction: { maneuver, instructions },
    localizedValues: { distance: { text: kilometres(piece.metres) }, staticDuration: { text: minutes(piece.seconds) } },
    ...(mode === "TRANSIT" && before === undefined ? { transitDetails: transitOf(name) } : {}),
  };
}

const transitOf = (name: string) => ({
  stopDetails: { departureStop: { name }, arrivalStop: { name: "Central Station" } },
  headsign: "Central Station",
  transitLine: { name: "Metro line 2", nameShort: "M2", vehicle: { type: "SUBWAY" } },
  stopCount: 4,
});
