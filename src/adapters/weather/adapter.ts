import { defineAdapter } from "../../core/adapter.ts";
import { getWeather } from "./get-weather.ts";

export const weather = defineAdapter({
  service: "weather_api",
  name: "Weather",
  config: [
    "WEATHER_API_KEY",
    "WEATHER_BASE_URL",
    "WEATHER_GEOCODING_BASE_URL",
    "METNO_BASE_URL",
    "OPENWEATHER_BASE_URL",
  ],
  tools: [getWeather],
});
