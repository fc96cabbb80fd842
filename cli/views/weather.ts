import { dayName } from "../day-name.ts";
import type { Paint } from "../paint.ts";
import { sanitiseLine } from "../sanitise.ts";
import { table } from "../table.ts";

interface Day {
  date: string;
  condition?: string;
  symbol?: string;
  temperature_max?: number;
  temperature_min?: number;
  precipitation_probability?: number;
  precipitation?: number;
}

interface WeatherData {
  location: string;
  temperature?: number;
  condition?: string;
  humidity?: string;
  units: string;
  current?: { feels_like?: number; wind_speed?: number; symbol?: string; time?: string };
  daily?: Day[];
  unit_labels?: { temperature?: string; wind_speed?: string; precipitation?: string };
}

/** The weather now in two lines, then a row for each day. */
export function weather(data: Record<string, unknown>, metadata: Record<string, unknown>, paint: Paint): string {
  const {
    location,
    temperature,
    condition,
    humidity,
    current = {},
    daily = [],
    unit_labels: units = {},
  } = data as unknown as WeatherData;
  const degrees = (value: number | undefined): string => (value === undefined ? "–" : `${Math.round(value)}°`);
  const now = [
    temperature === undefined ? undefined : `${temperature} ${units.temperature ?? "°"}`,
    condition,
    current.feels_like === undefined ? undefined : `feels like ${degrees(current.feels_like)}`,
    humidity ? `humidity ${humidity}` : undefined,
    current.wind_speed === undefined ? undefined : `wind ${current.wind_speed} ${units.wind_speed ?? ""}`.trimEnd(),
  ].filter((part) => part !== undefined);
  const rows = daily.map((day) => [
    dayName(Temporal.PlainDate.from(day.date)),
    day.symbol ?? "",
    day.condition ?? "",
    `${degrees(day.temperature_min)} to ${degrees(day.temperature_max)}`,
    rainOf(day, units.precipitation),
  ]);
  const lines = [
    `${paint.bold(sanitiseLine(location))}${current.time ? paint.dim(`  ${clock(current.time)} local time`) : ""}`,
    `${current.symbol ? `${current.symbol} ` : ""}${now.map((part) => sanitiseLine(String(part))).join(", ")}`,
    ...(rows.length > 0 ? ["", table(rows.map((row) => row.map(sanitiseLine)))] : []),
    "",
    paint.dim(sanitiseLine(String(metadata.attribution ?? metadata.provider ?? ""))),
  ];
  const others = candidates(metadata);
  if (others) lines.push(paint.dim(`Also: ${others}`));
  return lines.join("\n");
}

function candidates(metadata: Record<string, unknown>): string {
  const { candidates: known } = metadata;
  if (!Array.isArray(known)) return "";
  return known.map((candidate: { name?: unknown }) => sanitiseLine(String(candidate.name))).join(" · ");
}

function rainOf(day: Day, label = "mm"): string {
  if (day.precipitation_probability !== undefined) return `${day.precipitation_probability} % rain`;
  return day.precipitation ? `${day.precipitation} ${label}` : "";
}

const clock = (time: string): string => /T(\d\d:\d\d)/.exec(time)?.[1] ?? time;
