import { listIn, notUnderstood, numberIn, present, recordIn, textIn, under } from "../../core/answer.ts";
import { type Condition, metCondition, symbolOf } from "./conditions.ts";
import type { CurrentWeather, DayWeather, Reading, UnitSystem } from "./forecast.ts";
import { convert, dateIn, instantOf, isoIn, knownZone } from "./local-time.ts";
import type { WeatherProvider } from "./weather.ts";

const name = "MET Norway";
const mostDays = 7;
/** Six-hourly steps cover a day with four. */
const leastStepsOfDay = 4;

/** Keyless. https://api.met.no/weatherapi/locationforecast/2.0/documentation; asks clients to say who they are. */
export const metNorway: WeatherProvider = {
  name,
  attribution: "Weather data by MET Norway (CC BY 4.0)",
  sourceUrl: "https://api.met.no/",
  async ask({ latitude, longitude, timeZone }, units, { http, config, signal, now }) {
    const answer = await http.json({
      provider: name,
      url: under(config.METNO_BASE_URL ?? "https://api.met.no", "/weatherapi/locationforecast/2.0/compact"),
      query: { lat: fourDecimals(latitude), lon: fourDecimals(longitude) },
      deadlineMs: 8_000,
      signal,
      cache: "expires",
      keep: (json) => listIn(recordIn(json, "properties"), "timeseries") !== undefined,
    });
    return { ...parseMetNorway(answer.json, units, timeZone, now()), cached: answer.cached };
  },
};

/** The service refuses more decimals, so that its own cache can serve neighbours. */
export const fourDecimals = (degrees: number): number => Math.trunc(degrees * 10_000) / 10_000;

interface Step {
  at: Temporal.Instant;
  details: Record<string, unknown>;
  /** The coming hours, the shortest span first. */
  ahead: { hours: number; condition: ReturnType<typeof metCondition>; precipitation: number | undefined }[];
}

/**
 * Reads the time series: the step that covers `now`, and local days.
 * The first day holds what is left of it; a last day that is only begun is left out.
 * @param zone IANA name; UTC when absent, because the service names none
 * @throws AppError upstream_rejected
 */
export function parseMetNorway(json: unknown, units: UnitSystem, zone: string | undefined, now: Date): Reading {
  const properties = recordIn(json, "properties");
  const steps = (listIn(properties, "timeseries") ?? []).flatMap((each) => stepOf(each) ?? []);
  steps.sort((a, b) => Temporal.Instant.compare(a.at, b.at));
  const covering = steps.findLastIndex(({ at }) => at.epochMilliseconds <= now.getTime());
  const coming = steps.slice(Math.max(covering, 0));
  const [first] = coming;
  if (!first) throw notUnderstood(name);
  const timeZone = knownZone(zone);
  const updated = instantOf(textIn(recordIn(properties, "meta"), "updated_at"));
  return {
    current: currentOf(first, units, timeZone),
    daily: daysOf(coming, units, timeZone),
    dataTime: (updated ?? first.at).toString(),
    timeZone,
  };
}

function stepOf(json: unknown): Step | undefined {
  const at = instantOf(textIn(json, "time"));
  const data = recordIn(json, "data");
  const details = recordIn(recordIn(data, "instant"), "details");
  if (!at || !details) return undefined;
  const ahead = [1, 6, 12].flatMap((hours) => {
    const span = recordIn(data, `next_${hours}_hours`);
    if (!span) return [];
    const condition = metCondition(recordIn(span, "summary")?.symbol_code);
    return [{ hours, condition, precipitation: numberIn(recordIn(span, "details"), "precipitation_amount") }];
  });
  return { at, details, ahead };
}

const conditionOf = ({ ahead }: Step): (Condition & { isDay?: boolean }) | undefined =>
  ahead.find(({ condition }) => condition)?.condition;

function currentOf(step: Step, units: UnitSystem, zone: string): CurrentWeather {
  const condition = conditionOf(step);
  return present({
    temperature: convert.temperature(numberIn(step.details, "air_temperature"), units),
    humidity: numberIn(step.details, "relative_humidity"),
    precipitation: convert.precipitation(step.ahead.find(({ hours }) => hours === 1)?.precipitation, units),
    wind_speed: convert.wind(numberIn(step.details, "wind_speed"), units),
    condition: condition?.words,
    symbol: symbolOf(condition, condition?.isDay),
    is_day: condition?.isDay,
    time: isoIn(step.at, zone),
  });
}

function daysOf(steps: readonly Step[], units: UnitSystem, zone: string): DayWeather[] {
  const days = Map.groupBy(steps, ({ at }) => dateIn(at, zone));
  const rain = rainByDay(steps, zone);
  return [...days]
    .filter(([, of], index) => index === 0 || of.length >= leastStepsOfDay)
    .slice(0, mostDays)
    .map(([date, of]) => {
      const temperatures = of.flatMap(({ details }) => numberIn(details, "air_temperature") ?? []);
      const known = temperatures.length > 0;
      const condition = conditionOf(nearestToNoon(of, zone));
      return present({
        date,
        condition: condition?.words,
        symbol: symbolOf(condition),
        temperature_max: convert.temperature(known ? Math.max(...temperatures) : undefined, units),
        temperature_min: convert.temperature(known ? Math.min(...temperatures) : undefined, units),
        precipitation: convert.precipitation(rain.get(date), units),
      });
    });
}

function nearestToNoon(steps: readonly Step[], zone: string): Step {
  const distance = ({ at }: Step): number => Math.abs(at.toZonedDateTimeISO(zone).hour - 12);
  return steps.reduce((best, step) => (distance(step) < distance(best) ? step : best));
}

/** Hourly spans overlap the six-hourly ones, so an hour that was counted is not counted again. */
function rainByDay(steps: readonly Step[], zone: string): Map<string, number> {
  const sums = new Map<string, number>();
  let countedTo = Number.NEGATIVE_INFINITY;
  for (const { at, ahead } of steps) {
    const span = ahead.find(({ precipitation }) => precipitation !== undefined);
    if (span?.precipitation === undefined || at.epochMilliseconds < countedTo) continue;
    countedTo = at.epochMilliseconds + span.hours * 3_600_000;
    const date = dateIn(at, zone);
    sums.set(date, (sums.get(date) ?? 0) + span.precipitation);
  }
  return sums;
}
