import { Type } from "@sinclair/typebox";
import { once } from "../../core/once.ts";
import { defineAction, defineTool } from "../../core/tool.ts";
import { Units } from "../../core/user.ts";
import { ForecastSchema } from "./forecast.ts";
import { hearsWeather } from "./hears.ts";
import { weatherProviders } from "./providers.ts";

const strict = { additionalProperties: false };
const weather = once(() => import("./weather.ts"));

export const getWeather = defineTool({
  id: "get_weather",
  name: "Get Weather",
  description: "Current conditions and the forecast of the coming days for a place.",
  category: "weather",
  accessLevel: "public",
  service: "weather_api",
  examples: [
    "What's the weather in New York?",
    "How warm will it be in Oslo tomorrow?",
    "Will it rain at 48.85,2.35 this week?",
  ],
  settings: Type.Object({ units: Type.Optional(Units) }, strict),
  providers: weatherProviders,
  actions: [
    defineAction({
      id: "get",
      description: "Look up the weather of a place",
      effect: "read",
      hears: hearsWeather,
      input: Type.Object(
        {
          location: Type.String({
            minLength: 1,
            maxLength: 200,
            description: 'Place name such as "Paris" or "Springfield, Illinois", or latitude,longitude',
          }),
          units: Type.Optional({ ...Units, description: "metric (°C, km/h, mm) or imperial (°F, mph, inch)" }),
        },
        strict,
      ),
      output: ForecastSchema,
      async run({ location, units }, context) {
        const { findWeather } = await weather();
        return findWeather(location, units ?? context.profile.units ?? "metric", context);
      },
    }),
  ],
  defaultAction: "get",
});
