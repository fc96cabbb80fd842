import type { Static } from "@sinclair/typebox";
import { AppError, invalidParameters } from "../../core/errors.ts";
import { askProviders, type Fallthrough } from "../../core/provider.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { locate } from "./locate.ts";
import { type Meaning, meaningOf } from "./meaning.ts";
import type { OsrmMode } from "./osrm.ts";
import { readOwn, toldOf } from "./own-places.ts";
import { mapsProviders } from "./providers.ts";
import { type RouteAnswer, toRoute } from "./route.ts";
import { type DirectionsInput, type Mode, type UnitSystem, untrusted } from "./schemas.ts";
import { distanceBetween } from "./units.ts";

interface Asked {
  origin: Meaning;
  destination: Meaning;
  mode: Mode;
  alternatives: boolean;
  units: UnitSystem;
}

/**
 * Finds the ways between two places: by Google where there is a key, else by OSRM over OpenStreetMap.
 * @throws AppError invalid_parameters, not_found, not_configured (transit without a key), or the providers' failures
 */
export async function findRoutes(input: Static<typeof DirectionsInput>, context: ToolContext): Promise<ToolResult> {
  const own = await readOwn(context, input.saved_places);
  const asked: Asked = {
    origin: meaningOf(input.origin, "origin", own.saved, context.profile),
    destination: meaningOf(input.destination, "destination", own.saved, context.profile),
    mode: input.mode ?? "driving",
    alternatives: input.alternatives ?? false,
    units: input.units ?? context.profile.units ?? "metric",
  };
  const failed: Fallthrough[] = [];
  const answer = asked.mode === "transit" ? await byTimetable(asked, context) : await byAnyone(asked, context, failed);
  const { origin, destination, candidates } = answer;
  return {
    data: {
      origin,
      destination,
      mode: asked.mode,
      units: asked.units,
      routes: answer.routes.map((route) => toRoute(route, asked.units)),
    },
    metadata: {
      provider: answer.provider,
      attribution: answer.attribution,
      source_url: answer.sourceUrl,
      data_time: context.now().toISOString(),
      cached: answer.cached,
      untrusted,
      ...(candidates.origin.length + candidates.destination.length > 0 ? { candidates } : {}),
      ...(failed.length > 0 ? { failed_providers: failed } : {}),
      ...toldOf(own),
    },
  };
}

const byAnyone = (asked: Asked, context: ToolContext, failed: Fallthrough[]): Promise<RouteAnswer> =>
  askProviders(
    mapsProviders,
    { google_routes: () => byGoogle(asked, context), osrm: () => byOsrm(asked, context) },
    context,
    {
      part: "routes",
      failed,
      problem: "The way could not be found",
      hint: "Check the network connection, then try again.",
    },
  );

/** OpenStreetMap's routers know no timetables. */
async function byTimetable(asked: Asked, context: ToolContext): Promise<RouteAnswer> {
  if (context.config.GOOGLE_MAPS_API_KEY) return byGoogle(asked, context);
  throw new AppError("not_configured", "Public transport needs Google Routes, and GOOGLE_MAPS_API_KEY is not set", {
    hint: "Run: mcqueen settings set GOOGLE_MAPS_API_KEY -\nOr choose --mode driving, walking or cycling.",
  });
}

async function byGoogle(asked: Asked, context: ToolContext): Promise<RouteAnswer> {
  const { askGoogleRoutes, googleRoutes } = await import("./google-routes.ts");
  context.progress("Asking Google for the way");
  const answer = await askGoogleRoutes(asked, asked, context);
  const { name, attribution, sourceUrl } = googleRoutes;
  return {
    ...answer,
    provider: name,
    attribution,
    sourceUrl,
    cached: false,
    candidates: { origin: [], destination: [] },
  };
}

async function byOsrm(asked: Asked, context: ToolContext): Promise<RouteAnswer> {
  const { askOsrm, osrm } = await import("./osrm.ts");
  context.progress("Looking up the places");
  // A point is known already, so it is the one that decides between places of the other's name.
  const [first, second] = asked.origin.kind === "text" && asked.destination.kind !== "text" ? flip : straight;
  const one = await locate(asked[first], context);
  const other = await locate(asked[second], context, one.place);
  const found = { [first]: one, [second]: other } as Record<"origin" | "destination", typeof one>;
  const [origin, destination] = [found.origin.place, found.destination.place];
  if (distanceBetween(origin, destination) < 1)
    throw invalidParameters(
      ["Parameters origin and destination are one place"],
      "Say more of one of them: its street, or its city.",
    );
  context.progress("Asking for the way");
  const mode = asked.mode as OsrmMode;
  const answer = await askOsrm(origin, destination, { mode, alternatives: asked.alternatives }, context);
  return {
    ...answer,
    provider: osrm.name,
    attribution: osrm.attribution,
    sourceUrl: osrm.sourceUrl,
    origin,
    destination,
    candidates: { origin: found.origin.others, destination: found.destination.others },
  };
}

const straight = ["origin", "destination"] as const;
const flip = ["destination", "origin"] as const;
