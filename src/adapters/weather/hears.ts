import type { Hearing } from "../../core/hearing.ts";

/** How the weather is asked for. */
export const hearsWeather: Hearing = {
  says: [
    "weather|forecast|whether_in|whether_like",
    "rain|raining|snow|snowing|sunny|cloudy|windy|foggy|stormy|drizzle|hail|thunderstorm|humid|sunshine",
    "temperature|degrees_outside|degrees_in",
    "umbrella|raincoat|sunscreen|jacket|coat need|take|bring|wear|should",
    "how|will|is|it|get hot|cold|warm|chilly|freezing|wet|mild",
    "?degrees|hot|cold|warm|sun",
  ],
  slots: {
    units: {
      as: "choice",
      words: {
        metric: ["in celsius", "celsius", "centigrade", "in centigrade"],
        imperial: ["in fahrenheit", "fahrenheit"],
      },
    },
    location: {
      as: "text",
      after: ["weather in", "forecast for", "in", "for", "at", "near", "around", "over"],
      otherwise: "leftover",
      unknown: ["here", "home", "me", "my place", "outside", "around here", "out there", "my area", "this area", "there"],
    },
  },
  timeless: true,
};
