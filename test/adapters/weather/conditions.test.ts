import { describe, expect, test } from "bun:test";
import { metCondition, symbolOf, wmoCondition } from "../../../src/adapters/weather/conditions.ts";
import { openWeatherCondition } from "../../../src/adapters/weather/openweather-conditions.ts";

describe("WMO codes", () => {
  const rows: [code: unknown, words: string | undefined][] = [
    [0, "Clear sky"],
    [3, "Overcast"],
    [48, "Freezing fog"],
    [67, "Freezing rain"],
    [86, "Heavy snow showers"],
    [99, "Thunderstorm with heavy hail"],
    [4, undefined],
    [-1, undefined],
    [1.5, undefined],
    ["0", undefined],
    [null, undefined],
    ["constructor", undefined],
  ];
  test.each(rows)("%j is %s", (code, words) => {
    expect(wmoCondition(code)?.words).toBe(words as string);
  });

  test("each code of the published table has words and symbols", () => {
    const published = [
      0, 1, 2, 3, 45, 48, 51, 53, 55, 56, 57, 61, 63, 65, 66, 67, 71, 73, 75, 77, 80, 81, 82, 85, 86, 95, 96, 99,
    ];
    for (const code of published) {
      const condition = wmoCondition(code);
      expect(condition?.words).toBeTruthy();
      expect(symbolOf(condition, true)).toBeTruthy();
      expect(symbolOf(condition, false)).toBeTruthy();
    }
  });

  test("a clear night has no sun", () => {
    expect([symbolOf(wmoCondition(0), true), symbolOf(wmoCondition(0), false)]).toEqual(["☀️", "🌙"]);
    expect(symbolOf(wmoCondition(0))).toBe("☀️");
    expect(symbolOf(undefined)).toBeUndefined();
  });
});

describe("MET Norway's symbol codes", () => {
  const rows: [code: unknown, words: string | undefined, isDay: boolean | undefined][] = [
    ["clearsky_day", "Clear sky", true],
    ["partlycloudy_night", "Partly cloudy", false],
    ["fair_polartwilight", "Fair", undefined],
    ["cloudy", "Cloudy", undefined],
    ["rain", "Rain", undefined],
    ["heavyrainandthunder", "Heavy rain and thunder", undefined],
    ["lightrainshowersandthunder_day", "Light rain showers and thunder", true],
    ["lightsleet", "Light sleet", undefined],
    ["sleetshowers_night", "Sleet showers", false],
    ["lightssleetshowersandthunder_day", "Light sleet showers and thunder", true],
    ["lightssnowshowersandthunder_night", "Light snow showers and thunder", false],
    ["snow", "Snow", undefined],
    ["", undefined, undefined],
    ["constructor", undefined, undefined],
    ["frogs_day", undefined, undefined],
    [null, undefined, undefined],
    [5, undefined, undefined],
  ];
  test.each(rows)("%j is %s", (code, words, isDay) => {
    expect(metCondition(code)?.words).toBe(words as string);
    expect(metCondition(code)?.isDay).toBe(isDay as boolean);
  });
});

describe("OpenWeather's ids", () => {
  const rows: [id: number | undefined, description: string | undefined, words: string | undefined, symbol: string][] = [
    [800, "ясно", "Clear sky", "☀️"],
    [803, undefined, "Broken clouds", "☁️"],
    [202, undefined, "Thunderstorm with heavy rain", "⛈️"],
    [511, undefined, "Freezing rain", "🌨️"],
    [521, undefined, "Rain showers", "🌦️"],
    [762, undefined, "Volcanic ash", "🌫️"],
    [781, undefined, "Tornado", "🌪️"],
    [599, "a new kind of rain", "a new kind of rain", "🌧️"],
  ];
  test.each(rows)("%j (%s) is %s", (id, description, words, symbol) => {
    const condition = openWeatherCondition(id, description);
    expect(condition?.words).toBe(words as string);
    expect(symbolOf(condition)).toBe(symbol);
  });

  test("an id of no group, or none, is no condition", () => {
    expect(openWeatherCondition(999, "x")).toBeUndefined();
    expect(openWeatherCondition(599, undefined)).toBeUndefined();
    expect(openWeatherCondition(undefined, "clear sky")).toBeUndefined();
  });
});
