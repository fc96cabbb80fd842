import { plain } from "./place-text.ts";

const usStates: Record<string, string> = {
  AL: "Alabama",
  AK: "Alaska",
  AZ: "Arizona",
  AR: "Arkansas",
  CA: "California",
  CO: "Colorado",
  CT: "Connecticut",
  DE: "Delaware",
  DC: "District of Columbia",
  FL: "Florida",
  GA: "Georgia",
  HI: "Hawaii",
  ID: "Idaho",
  IL: "Illinois",
  IN: "Indiana",
  IA: "Iowa",
  KS: "Kansas",
  KY: "Kentucky",
  LA: "Louisiana",
  ME: "Maine",
  MD: "Maryland",
  MA: "Massachusetts",
  MI: "Michigan",
  MN: "Minnesota",
  MS: "Mississippi",
  MO: "Missouri",
  MT: "Montana",
  NE: "Nebraska",
  NV: "Nevada",
  NH: "New Hampshire",
  NJ: "New Jersey",
  NM: "New Mexico",
  NY: "New York",
  NC: "North Carolina",
  ND: "North Dakota",
  OH: "Ohio",
  OK: "Oklahoma",
  OR: "Oregon",
  PA: "Pennsylvania",
  PR: "Puerto Rico",
  RI: "Rhode Island",
  SC: "South Carolina",
  SD: "South Dakota",
  TN: "Tennessee",
  TX: "Texas",
  UT: "Utah",
  VT: "Vermont",
  VA: "Virginia",
  WA: "Washington",
  WV: "West Virginia",
  WI: "Wisconsin",
  WY: "Wyoming",
};

/** Names that people use and no standard has. */
const countryNicknames: Record<string, string> = {
  uk: "GB",
  "u k": "GB",
  "great britain": "GB",
  britain: "GB",
  usa: "US",
  "u s a": "US",
  "u s": "US",
  america: "US",
  "united states of america": "US",
  holland: "NL",
  "czech republic": "CZ",
  turkey: "TR",
  "ivory coast": "CI",
  uae: "AE",
};

/** "TX" for "tx" and for "Texas". */
export function usStateCode(text: string): string | undefined {
  const wanted = plain(text);
  return Object.keys(usStates).find((code) => plain(code) === wanted || plain(usStates[code] ?? "") === wanted);
}

/** Whether a part of an address names this US state, by name or abbreviation. */
export const isUsState = (text: string, state: string | undefined): boolean => {
  const code = state && usStateCode(text);
  return Boolean(code) && plain(usStates[code ?? ""] ?? "") === plain(state ?? "");
};

/** Whether a text names the country of this ISO 3166 code: by code, English name, own name or nickname. */
export function isCountry(text: string, code: string | undefined): boolean {
  if (code === undefined || !/^[A-Z]{2}$/.test(code)) return false;
  const wanted = plain(text);
  if (wanted === plain(code) || countryNicknames[wanted] === code) return true;
  const ownLanguage = new Intl.Locale(`und-${code}`).maximize().language;
  return ["en", ownLanguage].some((language) => plain(countryName(code, language) ?? "") === wanted);
}

/** The name of a country, in English unless told. Undefined for what is no country code. */
export function countryName(code: string, language = "en"): string | undefined {
  if (!/^[A-Z]{2}$/.test(code)) return undefined;
  return new Intl.DisplayNames([language, "en"], { type: "region", fallback: "none" }).of(code);
}
