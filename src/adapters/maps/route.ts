import type { Located } from "./locate.ts";
import type { Mode, Route, UnitSystem } from "./schemas.ts";
import { distanceText, durationText } from "./units.ts";

/** A route as a provider told it: metres and seconds. */
export interface RawRoute {
  metres: number;
  seconds: number;
  summary: string;
  steps: { instruction: string; metres: number; seconds: number }[];
  warnings?: string[];
  mapUrl: string;
}

export interface RouteAnswer {
  provider: string;
  attribution: string;
  sourceUrl: string;
  cached: boolean;
  origin: Located;
  destination: Located;
  routes: RawRoute[];
  candidates: { origin: Located[]; destination: Located[] };
}

const engines: Record<Exclude<Mode, "transit">, string> = {
  driving: "fossgis_osrm_car",
  walking: "fossgis_osrm_foot",
  cycling: "fossgis_osrm_bike",
};

/** The page of OpenStreetMap that shows the way between two points. */
export function osmRouteUrl(from: Located, to: Located, mode: Exclude<Mode, "transit">): string {
  const ends = [from, to].map(({ latitude, longitude }) => `${latitude},${longitude}`).join(";");
  return `https://www.openstreetmap.org/directions?engine=${engines[mode]}&route=${ends}`;
}

export function toRoute({ metres, seconds, summary, steps, warnings, mapUrl }: RawRoute, units: UnitSystem): Route {
  return {
    distance_m: Math.round(metres),
    duration_s: Math.round(seconds),
    distance_text: distanceText(metres, units),
    duration_text: durationText(seconds),
    summary,
    steps: steps.map((step) => ({
      instruction: step.instruction,
      distance_m: Math.round(step.metres),
      duration_s: Math.round(step.seconds),
      distance_text: distanceText(step.metres, units),
    })),
    ...(warnings && warnings.length > 0 ? { warnings } : {}),
    map_url: mapUrl,
  };
}
