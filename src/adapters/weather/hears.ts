import type { Hearing } from "../../core/hearing.ts";

/** How the weather is asked for. */
export const hearsWeather: Hearing = {
  says: [
    "weather|forecast|whether_in|whether_like",
    "sleet|frost|storm|storms|thunder|lightning|heatwave|blizzard|fog|mist|breeze|showers|overcast|clear_skies|gale|hurricane|tornado|uv|pollen",
    "rain|raining|rainy|snow|snowing|sunny|cloudy|windy|foggy|stormy|drizzle|hail|thunderstorm|humid|sunshine",
    "temperature|degrees_outside|degrees_in",
    "what's|how|what|how's like outside|out",
    "umbrella|brolly|raincoat|sunscreen|sunglasses|jacket|coat|scarf|gloves|boots|wellies|shorts|jumper|sweater|hat need|pack|take|bring|wear|should",
    "how|will|is|it|get|be hot|cold|warm|chilly|freezing|wet|mild|dry|nice_out|bright|icy|scorching|boiling",
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
      after: ["weather in", "forecast for", "in", "for", "at", "near", "around", "over", "to"],
      otherwise: "leftover",
      unknown: [
        "here",
        "home",
        "me",
        "my place",
        "outside",
        "around here",
        "out there",
        "my area",
        "this area",
        "there",
      ],
    },
  },
  timeless: true,
};
