import type { Condition } from "./conditions.ts";

/** OpenWeather's condition ids. An id that is not listed gives the provider's own description. */
export function openWeatherCondition(id: number | undefined, description: string | undefined): Condition | undefined {
  if (id === undefined) return undefined;
  const sky = skyOf(id);
  const words = wordsById[id] ?? description;
  return sky && words ? { words, sky } : undefined;
}

function skyOf(id: number): Condition["sky"] | undefined {
  if (id === 800) return "clear";
  if (id === 801) return "fair";
  if (id === 802) return "partly";
  if (id === 803 || id === 804) return "cloudy";
  if (id === 771 || id === 781) return "storm";
  if (id === 511 || (id >= 611 && id <= 616)) return "sleet";
  if (id >= 520 && id <= 531) return "showers";
  const groups: Record<number, Condition["sky"]> = { 2: "thunder", 3: "drizzle", 5: "rain", 6: "snow" };
  if (Math.floor(id / 100) === 7) return [731, 751, 761, 762].includes(id) ? "dust" : "fog";
  return groups[Math.floor(id / 100)];
}

const wordsById: Record<number, string> = {
  200: "Thunderstorm with light rain",
  201: "Thunderstorm with rain",
  202: "Thunderstorm with heavy rain",
  210: "Light thunderstorm",
  211: "Thunderstorm",
  212: "Heavy thunderstorm",
  221: "Ragged thunderstorm",
  230: "Thunderstorm with light drizzle",
  231: "Thunderstorm with drizzle",
  232: "Thunderstorm with heavy drizzle",
  300: "Light drizzle",
  301: "Drizzle",
  302: "Heavy drizzle",
  310: "Light drizzle and rain",
  311: "Drizzle and rain",
  312: "Heavy drizzle and rain",
  313: "Rain showers and drizzle",
  314: "Heavy rain showers and drizzle",
  321: "Drizzle showers",
  500: "Light rain",
  501: "Moderate rain",
  502: "Heavy rain",
  503: "Very heavy rain",
  504: "Extreme rain",
  511: "Freezing rain",
  520: "Light rain showers",
  521: "Rain showers",
  522: "Heavy rain showers",
  531: "Ragged rain showers",
  600: "Light snow",
  601: "Snow",
  602: "Heavy snow",
  611: "Sleet",
  612: "Light sleet showers",
  613: "Sleet showers",
  615: "Light rain and snow",
  616: "Rain and snow",
  620: "Light snow showers",
  621: "Snow showers",
  622: "Heavy snow showers",
  701: "Mist",
  711: "Smoke",
  721: "Haze",
  731: "Dust whirls",
  741: "Fog",
  751: "Sand",
  761: "Dust",
  762: "Volcanic ash",
  771: "Squalls",
  781: "Tornado",
  800: "Clear sky",
  801: "Few clouds",
  802: "Scattered clouds",
  803: "Broken clouds",
  804: "Overcast",
};
