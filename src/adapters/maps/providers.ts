import type { Provider } from "../../core/provider.ts";

/** Who is behind maps_hybrid, in the order in which they are asked. */
export const mapsProviders: readonly Provider[] = [
  { id: "google_routes", name: "Google Routes", part: "routes", needs: "GOOGLE_MAPS_API_KEY" },
  { id: "osrm", name: "OSRM", part: "routes" },
  { id: "google_places", name: "Google Places", part: "places", needs: "GOOGLE_MAPS_API_KEY" },
  { id: "nominatim", name: "Nominatim", part: "places" },
];
