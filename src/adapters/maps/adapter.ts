import { defineAdapter } from "../../core/adapter.ts";
import { mapsHybrid } from "./maps-hybrid.ts";

export const maps = defineAdapter({
  service: "maps",
  name: "Maps",
  config: [
    "GOOGLE_MAPS_API_KEY",
    "NOMINATIM_BASE_URL",
    "OSRM_BASE_URL",
    "OSRM_FOOT_BASE_URL",
    "OSRM_BIKE_BASE_URL",
    "GOOGLE_ROUTES_BASE_URL",
    "GOOGLE_PLACES_BASE_URL",
  ],
  tools: [mapsHybrid],
});
