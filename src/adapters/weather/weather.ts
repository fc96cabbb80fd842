import { present } from "../../core/answer.ts";
import { AppError } from "../../core/errors.ts";
import { once } from "../../core/once.ts";
import { askProviders, type Fallthrough } from "../../core/provider.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { type Forecast, type Reading, type UnitSystem, unitLabels } from "./forecast.ts";
import { type Place, resolvePlace } from "./places.ts";
import { weatherProviders } from "./providers.ts";

const openWeather = once(() => import("./openweather.ts"));
const openMeteo = once(() => import("./open-meteo.ts"));
const metNorway = once(() => import("./met-norway.ts"));

/** What a provider module exports: who it is, and how it is asked. */
export interface WeatherProvider {
  name: string;
  attribution: string;
  sourceUrl: string;
  /** @throws AppError upstream_rejected, upstream_unavailable, timeout, rate_limited */
  ask(place: Place, units: UnitSystem, context: ToolContext): Promise<Reading & { cached: boolean }>;
}

/**
 * Finds the place, then asks the providers in turn.
 * @throws AppError not_found for an unknown place; the most telling failure when no provider answers
 */
export async function findWeather(location: string, units: UnitSystem, context: ToolContext): Promise<ToolResult> {
  const failed: Fallthrough[] = [];
  context.progress("Looking up the place");
  const place = await resolvePlace(location, context, failed);
  context.progress("Asking for the weather");
  const ask = async (provider: WeatherProvider) => {
    const reading = await provider.ask(place, units, context);
    const { temperature } = reading.current;
    if (temperature === undefined) {
      throw new AppError("upstream_rejected", `${provider.name} gave no temperature for this place`);
    }
    return { provider, reading, temperature };
  };
  const { provider, reading, temperature } = await askProviders(
    weatherProviders,
    {
      openweather: async () => ask((await openWeather()).openWeather),
      open_meteo: async () => ask((await openMeteo()).openMeteo),
      met_norway: async () => ask((await metNorway()).metNorway),
    },
    context,
    {
      part: "weather",
      failed,
      problem: "The weather could not be fetched",
      hint: "Check the network connection, then try again.",
    },
  );
  return {
    data: forecastOf(place, units, reading, temperature),
    metadata: {
      provider: provider.name,
      attribution: provider.attribution,
      source_url: provider.sourceUrl,
      data_time: reading.dataTime,
      cached: reading.cached,
      ...(place.others.length > 0 ? { candidates: place.others } : {}),
      ...(failed.length > 0 ? { failed_providers: failed } : {}),
    },
  };
}

function forecastOf(place: Place, units: UnitSystem, reading: Reading, temperature: number): Forecast {
  const { condition, humidity } = reading.current;
  return present({
    location: place.name,
    temperature,
    condition,
    humidity: humidity === undefined ? undefined : `${Math.round(humidity)}%`,
    units,
    unit_labels: unitLabels[units],
    current: { ...reading.current, temperature },
    daily: reading.daily,
    coordinates: { latitude: place.latitude, longitude: place.longitude },
    time_zone: reading.timeZone ?? place.timeZone,
  });
}
