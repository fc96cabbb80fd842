import { cityNear } from "../cities.ts";

/** Weather that is made up, the same for the same place and hour. Metric units. */
export interface MadeWeather {
  temperature: number;
  feelsLike: number;
  humidity: number;
  /** Millimetres in the hour. */
  precipitation: number;
  /** Percent. */
  chance: number;
  /** Metres a second. */
  wind: number;
  gust: number;
  pressure: number;
  /** Percent of the sky. */
  clouds: number;
  wmo: number;
  isDay: boolean;
}

export interface Ground {
  latitude: number;
  longitude: number;
  elevation: number;
  zone: string;
  zoneName: string;
}

/** The zone and height of a point. Far from every city the zone follows the longitude. */
export function groundAt(latitude: number, longitude: number): Ground {
  const city = cityNear(latitude, longitude);
  const hours = Math.round(longitude / 15);
  const zone = city?.timeZone ?? (hours === 0 ? "UTC" : `Etc/GMT${hours > 0 ? "-" : "+"}${Math.abs(hours)}`);
  return { latitude, longitude, elevation: city?.elevation ?? 0, zone, zoneName: zone === "UTC" ? "GMT" : zone };
}

/** Seasons by latitude and day of the year, a warm afternoon, and a sky that changes from day to day. */
export function weatherAt(ground: Ground, at: Temporal.ZonedDateTime): MadeWeather {
  const { latitude, longitude, elevation } = ground;
  const fraction = at.hour + at.minute / 60;
  const season = Math.cos((2 * Math.PI * (at.dayOfYear - 200)) / 365) * Math.sign(latitude || 1);
  const lean = Math.abs(latitude) / 90;
  const chance = Math.round(dice(latitude, longitude, at.toPlainDate().toString()) * 100);
  const mood = dice(longitude, latitude, at.toPlainDate().toString()) - 0.5;
  const daily = Math.cos((2 * Math.PI * (fraction - 15)) / 24) * (chance > 55 ? 2 : 5);
  const temperature = one(29 - 34 * lean ** 1.4 + season * 18 * lean + daily + mood * 6 - elevation * 0.006);
  const wet = chance > 55 && dice(latitude, longitude, at.toString().slice(0, 13)) > 0.5;
  const precipitation = wet ? one((chance - 50) / 20) : 0;
  const wind = one(1.5 + 7 * dice(longitude, chance, at.toPlainDate().toString()));
  return {
    temperature,
    feelsLike: one(temperature - wind * 0.4),
    humidity: Math.round(Math.min(98, 45 + chance * 0.4 - daily * 2)),
    precipitation,
    chance,
    wind,
    gust: one(wind * 1.7),
    pressure: Math.round(1024 - chance * 0.3),
    clouds: Math.min(100, Math.round(chance * 1.2)),
    wmo: codeOf(chance, precipitation, temperature),
    isDay: isDaylight(lean * season, fraction),
  };
}

/** Longer days in summer, the more so towards the pole. */
function isDaylight(season: number, hour: number): boolean {
  const half = Math.min(12, Math.max(0, 6 + season * 5));
  return Math.abs(hour - 12.5) < half;
}

function codeOf(chance: number, precipitation: number, temperature: number): number {
  if (precipitation > 0) {
    if (temperature < 0) return precipitation > 1.5 ? 73 : 71;
    if (chance > 92) return 95;
    return precipitation > 1.5 ? 63 : 61;
  }
  if (chance > 55) return 3;
  if (chance > 35) return 2;
  return chance > 20 ? 1 : 0;
}

/** A number from 0 to 1 that depends on nothing but its arguments. */
function dice(...of: (string | number)[]): number {
  const rounded = of.map((each) => (typeof each === "number" ? each.toFixed(1) : each)).join("/");
  return Number(Bun.hash.wyhash(rounded) % 10_000n) / 10_000;
}

export const one = (value: number): number => Math.round(value * 10) / 10;

/** The first number of a query member; undefined when absent or no number. */
export function queryNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name)?.trim();
  if (!text) return undefined;
  const value = Number(text);
  return Number.isNaN(value) ? undefined : value;
}
