import type { Upstream } from "../upstream.ts";
import { modifierOf, type Piece, type Plan, type Point, plan, type Vehicle } from "./router.ts";

const known = new Set([
  "alternatives",
  "steps",
  "annotations",
  "geometries",
  "overview",
  "continue_straight",
  "generate_hints",
]);

/** The three servers, each with the ways of one vehicle. */
export const osrmServers: readonly Upstream[] = [
  server("osrm", "OSRM_BASE_URL", "driving"),
  server("osrm-foot", "OSRM_FOOT_BASE_URL", "foot"),
  server("osrm-bike", "OSRM_BIKE_BASE_URL", "bike"),
];

function server(id: string, setting: string, vehicle: Vehicle): Upstream {
  return {
    id,
    setting,
    failure: (status) => ({ code: "InternalError", message: `The service answers ${status}` }),
    answer(request, path, query) {
      const [, coordinates] = /^\/route\/v1\/[a-z]+\/([^/]+)$/.exec(path) ?? [];
      if (request.method !== "GET" || coordinates === undefined)
        return refuse("InvalidUrl", "URL string malformed close to position 1");
      const unknown = [...query.keys()].find((name) => !known.has(name));
      if (unknown !== undefined) return refuse("InvalidQuery", "Query string malformed close to position 1");
      const points = decodeURIComponent(coordinates).split(";").map(pointOf);
      if (points.some((point) => point === undefined))
        return refuse("InvalidUrl", "URL string malformed close to position 19");
      const [from, to, ...more] = points;
      if (!from || !to) return refuse("InvalidOptions", "Number of coordinates needs to be at least two.");
      if (more.length > 0) return refuse("TooBig", "Too many trace coordinates");
      return route(from, to, vehicle, query);
    },
  };
}

const refuse = (code: string, message: string): Response => Response.json({ message, code }, { status: 400 });

function pointOf(text: string): Point | undefined {
  const [, longitude, latitude] = /^(-?\d+(?:\.\d+)?),(-?\d+(?:\.\d+)?)$/.exec(text) ?? [];
  const point = { latitude: Number(latitude), longitude: Number(longitude) };
  return Math.abs(point.latitude) <= 90 && Math.abs(point.longitude) <= 180 ? point : undefined;
}

function route(from: Point, to: Point, vehicle: Vehicle, query: URLSearchParams): Response {
  const wanted = query.get("alternatives") ?? "false";
  const count = /^[1-3]$/.test(wanted) ? Number(wanted) : wanted === "true" ? 1 : 0;
  const plans: Plan[] = [];
  for (let variant = 0; variant <= count; variant++) {
    const found = plan(from, to, vehicle, variant);
    if (found === "NoRoute") return refuse("NoRoute", "Impossible route between points");
    if (found === "NoSegment") return refuse("NoSegment", "Could not find a matching segment for any coordinate.");
    plans.push(found);
  }
  plans.sort((a, b) => a.seconds - b.seconds);
  const [best] = plans;
  const waypoints = [from, to].map((point, at) => ({
    hint: "sandboxsandboxsandbox",
    distance: best?.snapped[at] ?? 0,
    name: (at === 0 ? best?.pieces[0] : best?.pieces.at(-1))?.name ?? "",
    location: [point.longitude, point.latitude],
  }));
  return Response.json({ code: "Ok", routes: plans.map((each) => routeOf(each, vehicle, query)), waypoints });
}

function routeOf({ pieces, end, metres, seconds }: Plan, vehicle: Vehicle, query: URLSearchParams) {
  const whole =
    query.get("overview") === "false" ? {} : { geometry: polyline([...pieces.map(({ from }) => from), end]) };
  const names = [...new Set(pieces.map(({ name, ref }) => name || ref || ""))].slice(0, 2);
  const leg = {
    steps: query.get("steps") === "true" ? stepsOf(pieces, end, vehicle) : [],
    summary: query.get("steps") === "true" ? names.join(", ") : "",
    weight: seconds,
    duration: seconds,
    distance: metres,
    ...(query.get("annotations") === "true" ? { annotation: annotationOf(pieces) } : {}),
  };
  return { ...whole, legs: [leg], weight_name: "routability", weight: seconds, duration: seconds, distance: metres };
}

function stepsOf(pieces: readonly Piece[], end: Point, vehicle: Vehicle): unknown[] {
  const steps = pieces.map((piece, at) => {
    const before = pieces[at - 1];
    const isCircle = vehicle === "driving" && at === 2 && !before?.ref;
    return stepOf(piece, pieces[at + 1]?.from ?? end, vehicle, {
      bearing_after: piece.bearing,
      bearing_before: before?.bearing ?? 0,
      location: [piece.from.longitude, piece.from.latitude],
      ...(before ? { modifier: modifierOf(before.bearing, piece.bearing) } : {}),
      ...(isCircle ? { exit: 2 } : {}),
      type: before === undefined ? "depart" : isCircle ? "roundabout" : typeOf(before, piece, vehicle),
    });
  });
  const last = pieces.at(-1);
  if (!last) return steps;
  const arrival = { name: last.name, from: end, metres: 0, seconds: 0, bearing: 0 };
  const maneuver = {
    bearing_after: 0,
    bearing_before: last.bearing,
    location: [end.longitude, end.latitude],
    modifier: "right",
    type: "arrive",
  };
  return [...steps, stepOf(arrival, end, vehicle, maneuver)];
}

function typeOf(before: Piece, piece: Piece, vehicle: Vehicle): string {
  if (before.isFerry || vehicle !== "driving") return turnOf(before, piece);
  if (piece.ref && !before.ref) return "on ramp";
  if (before.ref && !piece.ref && !piece.isFerry) return "off ramp";
  return turnOf(before, piece);
}

const turnOf = (before: Piece, piece: Piece): string =>
  modifierOf(before.bearing, piece.bearing) === "straight" ? "new name" : "turn";

const modes: Record<Vehicle, string> = { driving: "driving", foot: "walking", bike: "cycling" };

function stepOf(piece: Piece, next: Point, vehicle: Vehicle, maneuver: Record<string, unknown>) {
  const { name, ref, from, metres, seconds, bearing } = piece;
  return {
    geometry: polyline([from, next]),
    maneuver,
    mode: piece.isFerry ? "ferry" : modes[vehicle],
    driving_side: "right",
    name,
    ...(ref ? { ref } : {}),
    intersections: [
      {
        ...(maneuver.type === "arrive" ? { in: 0 } : { out: 0 }),
        entry: [true],
        bearings: [bearing],
        location: [from.longitude, from.latitude],
      },
    ],
    weight: seconds,
    duration: seconds,
    distance: metres,
  };
}

const annotationOf = (pieces: readonly Piece[]) => ({
  metadata: { datasource_names: ["lua profile"] },
  datasources: pieces.map(() => 0),
  weight: pieces.map(({ seconds }) => seconds),
  nodes: pieces.map((_piece, at) => 1_000 + at),
  distance: pieces.map(({ metres }) => metres),
  duration: pieces.map(({ seconds }) => seconds),
  speed: pieces.map(({ metres, seconds }) => (seconds > 0 ? Number((metres / seconds).toFixed(1)) : 0)),
});

/** Google's encoded polyline, with five decimals. */
export function polyline(points: readonly Point[]): string {
  let [latitude, longitude] = [0, 0];
  return points
    .map((point) => {
      const [y, x] = [Math.round(point.latitude * 1e5), Math.round(point.longitude * 1e5)];
      const text = chunks(y - latitude) + chunks(x - longitude);
      [latitude, longitude] = [y, x];
      return text;
    })
    .join("");
}

function chunks(value: number): string {
  let left = value < 0 ? ~(value << 1) : value << 1;
  let text = "";
  while (left >= 0x20) {
    text += String.fromCharCode((0x20 | (left & 0x1f)) + 63);
    left >>= 5;
  }
  return text + String.fromCharCode(left + 63);
}
