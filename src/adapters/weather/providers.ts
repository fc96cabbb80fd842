import type { Provider } from "../../core/provider.ts";

/** Who is behind get_weather, in the order in which they are asked. */
export const weatherProviders: readonly Provider[] = [
  { id: "openweather", name: "OpenWeather", part: "weather", needs: "WEATHER_API_KEY" },
  { id: "open_meteo", name: "Open-Meteo", part: "weather" },
  { id: "met_norway", name: "MET Norway", part: "weather" },
  { id: "open_meteo_geocoding", name: "Open-Meteo geocoding", part: "places" },
  { id: "openweather_geocoding", name: "OpenWeather geocoding", part: "places", needs: "WEATHER_API_KEY" },
];
