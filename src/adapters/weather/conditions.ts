/** What the sky looks like, for choosing a symbol. */
type Sky =
  | "clear"
  | "fair"
  | "partly"
  | "cloudy"
  | "fog"
  | "dust"
  | "drizzle"
  | "rain"
  | "showers"
  | "sleet"
  | "snow"
  | "thunder"
  | "storm";

export interface Condition {
  words: string;
  sky: Sky;
}

const symbols: Record<Sky, [day: string, night: string]> = {
  clear: ["☀️", "🌙"],
  fair: ["🌤️", "🌙"],
  partly: ["⛅", "☁️"],
  cloudy: ["☁️", "☁️"],
  fog: ["🌫️", "🌫️"],
  dust: ["🌫️", "🌫️"],
  drizzle: ["🌦️", "🌧️"],
  rain: ["🌧️", "🌧️"],
  showers: ["🌦️", "🌧️"],
  sleet: ["🌨️", "🌨️"],
  snow: ["❄️", "❄️"],
  thunder: ["⛈️", "⛈️"],
  storm: ["🌪️", "🌪️"],
};

/** The symbol by day unless night is known. Undefined without a condition. */
export const symbolOf = (condition: Condition | undefined, isDay = true): string | undefined =>
  condition && symbols[condition.sky][isDay ? 0 : 1];

/** WMO weather interpretation codes, as Open-Meteo uses them. Undefined for a code that is not among them. */
export function wmoCondition(code: unknown): Condition | undefined {
  const [words, sky] = (typeof code === "number" && wmo[code]) || [];
  return words && sky ? { words, sky } : undefined;
}

const wmo: Record<number, [words: string, sky: Sky]> = {
  0: ["Clear sky", "clear"],
  1: ["Mainly clear", "fair"],
  2: ["Partly cloudy", "partly"],
  3: ["Overcast", "cloudy"],
  45: ["Fog", "fog"],
  48: ["Freezing fog", "fog"],
  51: ["Light drizzle", "drizzle"],
  53: ["Drizzle", "drizzle"],
  55: ["Heavy drizzle", "drizzle"],
  56: ["Light freezing drizzle", "sleet"],
  57: ["Freezing drizzle", "sleet"],
  61: ["Light rain", "rain"],
  63: ["Rain", "rain"],
  65: ["Heavy rain", "rain"],
  66: ["Light freezing rain", "sleet"],
  67: ["Freezing rain", "sleet"],
  71: ["Light snow", "snow"],
  73: ["Snow", "snow"],
  75: ["Heavy snow", "snow"],
  77: ["Snow grains", "snow"],
  80: ["Light rain showers", "showers"],
  81: ["Rain showers", "showers"],
  82: ["Violent rain showers", "showers"],
  85: ["Light snow showers", "snow"],
  86: ["Heavy snow showers", "snow"],
  95: ["Thunderstorm", "thunder"],
  96: ["Thunderstorm with light hail", "thunder"],
  99: ["Thunderstorm with heavy hail", "thunder"],
};

/**
 * MET Norway's symbol codes: "partlycloudy_day", "lightrainshowersandthunder_night", "snow".
 * `isDay` is absent for codes that do not say, and in polar twilight.
 */
export function metCondition(symbolCode: unknown): (Condition & { isDay?: boolean }) | undefined {
  if (typeof symbolCode !== "string") return undefined;
  const [code = "", time] = symbolCode.split("_");
  const condition = metSkies.get(code) ?? metPrecipitation(code);
  if (!condition) return undefined;
  return { ...condition, ...(time === "day" || time === "night" ? { isDay: time === "day" } : {}) };
}

const metSkies = new Map<string, Condition>([
  ["clearsky", { words: "Clear sky", sky: "clear" }],
  ["fair", { words: "Fair", sky: "fair" }],
  ["partlycloudy", { words: "Partly cloudy", sky: "partly" }],
  ["cloudy", { words: "Cloudy", sky: "cloudy" }],
  ["fog", { words: "Fog", sky: "fog" }],
]);

/** Two published codes have a doubled s ("lightssnowshowersandthunder"). */
function metPrecipitation(code: string): Condition | undefined {
  const parts = /^(light|heavy)?s??(rain|sleet|snow)(showers)?(andthunder)?$/.exec(code);
  if (!parts) return undefined;
  const [, strength, kind, showers, thunder] = parts;
  const words = [strength, kind, showers, thunder && "and thunder"].filter(Boolean).join(" ");
  const sky = thunder ? "thunder" : kind === "rain" ? (showers ? "showers" : "rain") : (kind as "sleet" | "snow");
  return { words: words.charAt(0).toUpperCase() + words.slice(1), sky };
}
