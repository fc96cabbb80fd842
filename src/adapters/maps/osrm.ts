import { listIn, notUnderstood, numberIn, recordIn, textIn, under } from "../../core/answer.ts";
import { AppError } from "../../core/errors.ts";
import { isRecord, printable } from "../../core/parameters.ts";
import type { ToolContext } from "../../core/tool.ts";
import { nominatim } from "../../osm/nominatim.ts";
import type { Located } from "./locate.ts";
import { instructionOf, stepsOf } from "./osrm-steps.ts";
import { osmRouteUrl, type RawRoute } from "./route.ts";
import type { Mode } from "./schemas.ts";
import { distanceText } from "./units.ts";

export const osrm = {
  name: "OSRM",
  attribution: `Routes by OSRM, ${nominatim.attribution}`,
  sourceUrl: nominatim.sourceUrl,
} as const;

export type OsrmMode = Exclude<Mode, "transit">;

const servers: Record<OsrmMode, { setting: string; base: string; profile: string }> = {
  driving: { setting: "OSRM_BASE_URL", base: "https://router.project-osrm.org", profile: "driving" },
  walking: { setting: "OSRM_FOOT_BASE_URL", base: "https://routing.openstreetmap.de/routed-foot", profile: "foot" },
  cycling: { setting: "OSRM_BIKE_BASE_URL", base: "https://routing.openstreetmap.de/routed-bike", profile: "bike" },
};
const byMode: Record<OsrmMode, string> = { driving: "by car", walking: "on foot", cycling: "by bicycle" };
/** A road farther from the place than this is worth a remark, in metres. */
const farFromRoad = 500;

/**
 * Asks for the ways between two points.
 * @throws AppError not_found when there is none; upstream_rejected and the like
 */
export async function askOsrm(
  from: Located,
  to: Located,
  { mode, alternatives }: { mode: OsrmMode; alternatives: boolean },
  { http, config, signal }: ToolContext,
): Promise<{ routes: RawRoute[]; cached: boolean }> {
  const { setting, base: usual, profile } = servers[mode];
  const base = config[setting] ?? usual;
  const ends = [from, to].map(({ latitude, longitude }) => `${longitude},${latitude}`).join(";");
  const answer = await http.json({
    provider: osrm.name,
    url: under(base, `/route/v1/${profile}/${ends}`),
    query: { steps: true, overview: false, alternatives: alternatives ? 2 : false },
    signal,
    ...(isPublic(base) ? { pace: { everyMs: 1_100, key: new URL(base).hostname } } : {}),
    cache: 600,
    accept: (status) => status === 400,
    keep: (json) => isRecord(json) && json.code === "Ok",
  });
  return { routes: parseOsrm(answer.json, from, to, mode), cached: answer.cached };
}

/** The public servers ask for one request a second, which gets a margin; a server of one's own has no such rule. */
const isPublic = (base: string): boolean =>
  /(^|\.)(project-osrm\.org|openstreetmap\.de)$/.test(URL.parse(base)?.hostname ?? "");

/** @throws AppError not_found for no way and for places far from any; upstream_rejected */
export function parseOsrm(json: unknown, from: Located, to: Located, mode: OsrmMode): RawRoute[] {
  const code = textIn(json, "code");
  if (code === undefined) throw notUnderstood(osrm.name);
  if (code === "NoRoute" || code === "NoSegment") throw noWay(code, from, to, mode);
  if (code !== "Ok") {
    throw new AppError(
      "upstream_rejected",
      `${osrm.name} refused the request: ${printable(textIn(json, "message") ?? code)}`,
      {
        metadata: { provider: osrm.name, upstream_code: printable(code) },
      },
    );
  }
  const routes = (listIn(json, "routes") ?? []).flatMap((route) => routeOf(route, from, to, mode) ?? []);
  if (routes.length === 0) throw notUnderstood(osrm.name);
  const warnings = farEnds(json, from, to);
  return routes.map((route) => ({ ...route, ...(warnings.length > 0 ? { warnings } : {}) }));
}

function routeOf(route: unknown, from: Located, to: Located, mode: OsrmMode): RawRoute | undefined {
  const [metres, seconds] = [numberIn(route, "distance"), numberIn(route, "duration")];
  if (metres === undefined || seconds === undefined) return undefined;
  const summaries = (listIn(route, "legs") ?? []).flatMap((leg) => textIn(leg, "summary") ?? []);
  return {
    metres,
    seconds,
    summary: summaries.join(", "),
    steps: stepsOf(route).map((step) => ({
      instruction: instructionOf(step),
      metres: numberIn(step, "distance") ?? 0,
      seconds: numberIn(step, "duration") ?? 0,
    })),
    mapUrl: osmRouteUrl(from, to, mode),
  };
}

/** OSRM starts at the nearest road, wherever that is. */
function farEnds(json: unknown, from: Located, to: Located): string[] {
  const waypoints = listIn(json, "waypoints") ?? [];
  return [from, to].flatMap(({ name }, at) => {
    const metres = numberIn(recordIn({ at: waypoints[at] }, "at"), "distance") ?? 0;
    return metres > farFromRoad ? [`The nearest way is ${distanceText(metres, "metric")} from ${name}`] : [];
  });
}

function noWay(code: string, from: Located, to: Located, mode: OsrmMode): AppError {
  const names = `${printable(from.name)} to ${printable(to.name)}`;
  return new AppError(
    "not_found",
    code === "NoRoute" ? `There is no way from ${names} ${byMode[mode]}` : `No road is near enough: ${names}`,
    { hint: "Try another mode, or a place nearer to a road.", metadata: { provider: osrm.name, upstream_code: code } },
  );
}
