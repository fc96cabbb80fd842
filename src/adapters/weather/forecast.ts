import { type Static, Type } from "@sinclair/typebox";
import { Units } from "../../core/user.ts";

const optional = { number: Type.Optional(Type.Number()), text: Type.Optional(Type.String()) };

const Current = Type.Object({
  temperature: Type.Number(),
  feels_like: optional.number,
  humidity: Type.Optional(Type.Number({ description: "Relative humidity in percent" })),
  precipitation: optional.number,
  wind_speed: optional.number,
  condition: optional.text,
  symbol: optional.text,
  is_day: Type.Optional(Type.Boolean()),
  time: Type.String({ description: "ISO 8601 with the place's offset" }),
});

const Day = Type.Object({
  date: Type.String({ description: "Local date of the place" }),
  condition: optional.text,
  symbol: optional.text,
  temperature_max: optional.number,
  temperature_min: optional.number,
  precipitation_probability: Type.Optional(Type.Number({ description: "Percent" })),
  precipitation: optional.number,
});

/** The result of get_weather. What the provider did not say is absent. Units are named in `unit_labels`. */
export const ForecastSchema = Type.Object({
  location: Type.String(),
  temperature: Type.Number(),
  condition: optional.text,
  humidity: Type.Optional(Type.String({ description: 'Relative humidity with its sign: "65%"' })),
  units: Units,
  unit_labels: Type.Object({ temperature: Type.String(), wind_speed: Type.String(), precipitation: Type.String() }),
  current: Current,
  daily: Type.Array(Day),
  coordinates: Type.Object({ latitude: Type.Number(), longitude: Type.Number() }),
  time_zone: optional.text,
});

export type Forecast = Static<typeof ForecastSchema>;
export type CurrentWeather = Omit<Static<typeof Current>, "temperature"> & { temperature?: number };
export type DayWeather = Static<typeof Day>;
export type UnitSystem = Static<typeof Units>;

export const unitLabels: Record<UnitSystem, Forecast["unit_labels"]> = {
  metric: { temperature: "°C", wind_speed: "km/h", precipitation: "mm" },
  imperial: { temperature: "°F", wind_speed: "mph", precipitation: "inch" },
};

/** What one provider's answer said, in the units asked for. */
export interface Reading {
  current: CurrentWeather;
  daily: DayWeather[];
  /** When the provider made or measured it, ISO 8601 in UTC. */
  dataTime: string;
  timeZone?: string;
}
