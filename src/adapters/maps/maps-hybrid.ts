import { Type } from "@sinclair/typebox";
import { defineAction, defineTool } from "../../core/tool.ts";
import { Units } from "../../core/user.ts";
import { hearsDirections, hearsPlaceSearch, hearsSavedPlaces } from "./hears.ts";
import { mapsProviders } from "./providers.ts";
import {
  DirectionsInput,
  DirectionsOutput,
  Mode,
  SavedInput,
  SavedOutput,
  SearchInput,
  SearchOutput,
} from "./schemas.ts";

export const mapsHybrid = defineTool({
  id: "maps_hybrid",
  name: "Maps",
  description: "Ways from one place to another, places that fit a search, and the places that you saved.",
  category: "maps",
  accessLevel: "hybrid",
  fallbackMode: "public",
  service: "maps",
  examples: [
    "How do I get from home to Berlin Hauptbahnhof by bike?",
    "Find a restaurant near Alexanderplatz",
    "Which places have I saved?",
  ],
  settings: Type.Object(
    { units: Type.Optional(Units), mode: Type.Optional({ ...Mode, description: "How you usually travel" }) },
    { additionalProperties: false },
  ),
  uses: ["places"],
  providers: mapsProviders,
  actions: [
    defineAction({
      id: "directions",
      description: "Find the way from one place to another",
      effect: "read",
      hears: hearsDirections,
      input: DirectionsInput,
      output: DirectionsOutput,
      run: async (input, context) => (await import("./directions.ts")).findRoutes(input, context),
    }),
    defineAction({
      id: "search_places",
      description: "Look for places by name, address or kind",
      effect: "read",
      hears: hearsPlaceSearch,
      input: SearchInput,
      output: SearchOutput,
      run: async (input, context) => (await import("./search-places.ts")).searchPlaces(input, context),
    }),
    defineAction({
      id: "get_saved_places",
      description: "List the places that you saved",
      effect: "read",
      hears: hearsSavedPlaces,
      input: SavedInput,
      output: SavedOutput,
      run: async (input, context) => (await import("./saved-places.ts")).listSavedPlaces(input, context),
    }),
  ],
});
