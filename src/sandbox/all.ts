import { googleCalendar } from "./calendar/upstream.ts";
import { gmail } from "./gmail/upstream.ts";
import { googleAccounts, googleApi, googleOauth } from "./google/upstreams.ts";
import { notes } from "./notes.ts";
import type { Upstream } from "./upstream.ts";
import { metNorway } from "./weather/met-norway.ts";
import { openMeteoForecast, openMeteoGeocoding } from "./weather/open-meteo.ts";
import { openWeather } from "./weather/openweather.ts";

/** Every stood-in service there is, one line each. */
export const all: readonly Upstream[] = [
  openMeteoGeocoding, //
  openMeteoForecast,
  metNorway,
  openWeather,
  googleAccounts,
  googleOauth,
  googleApi,
  gmail,
  googleCalendar,
  notes,
];
