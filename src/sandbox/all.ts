import { calCom } from "./cal-com/upstream.ts";
import { googleCalendar } from "./calendar/upstream.ts";
import { gmail } from "./gmail/upstream.ts";
import { googleAccounts, googleApi, googleOauth } from "./google/upstreams.ts";
import { googlePlaces } from "./google-maps/places.ts";
import { googleRoutes } from "./google-maps/routes.ts";
import { linkedinApi, linkedinPages } from "./linkedin/upstreams.ts";
import { nominatim } from "./nominatim/upstream.ts";
import { notes } from "./notes.ts";
import { osrmServers } from "./osrm/upstream.ts";
import { brave } from "./search/brave.ts";
import { searxng } from "./search/searxng.ts";
import { tavily } from "./search/tavily.ts";
import { wikipedia } from "./search/wikipedia.ts";
import { slack } from "./slack/upstream.ts";
import type { Upstream } from "./upstream.ts";
import { metNorway } from "./weather/met-norway.ts";
import { openMeteoForecast, openMeteoGeocoding } from "./weather/open-meteo.ts";
import { openWeather } from "./weather/openweather.ts";
import { whatsapp } from "./whatsapp/upstream.ts";

/** Every stood-in service there is, one line each. */
export const all: readonly Upstream[] = [
  openMeteoGeocoding, //
  openMeteoForecast,
  metNorway,
  openWeather,
  nominatim,
  ...osrmServers,
  googleRoutes,
  googlePlaces,
  searxng,
  tavily,
  brave,
  wikipedia,
  calCom,
  googleAccounts,
  googleOauth,
  googleApi,
  gmail,
  googleCalendar,
  slack,
  whatsapp,
  linkedinPages,
  linkedinApi,
  notes,
];
