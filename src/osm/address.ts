import { textIn } from "../core/answer.ts";

/** Where the house number comes before the street ... */
const numberFirst = new Set(["au", "ca", "fr", "gb", "ie", "in", "lu", "mc", "nz", "sg", "us", "za"]);
/** ... and where the postcode comes after the city. */
const postcodeLast = new Set(["au", "ca", "gb", "ie", "in", "nz", "sg", "us", "za"]);

const cityKeys = ["city", "town", "village", "municipality", "hamlet"];

/** The city, town or village of Nominatim's `address`. */
export function cityOf(address: unknown): string | undefined {
  return cityKeys.map((key) => textIn(address, key)).find((name) => name !== undefined);
}

/**
 * One line as people of the country write it: "Pariser Platz 1, 10117 Berlin, Germany".
 * Undefined without a street, where only Nominatim's own long line says where it is.
 */
export function addressLine(address: unknown): string | undefined {
  const road = ["road", "pedestrian", "footway", "square"].map((key) => textIn(address, key)).find(Boolean);
  if (road === undefined) return undefined;
  const country = textIn(address, "country_code") ?? "";
  const number = textIn(address, "house_number");
  const street = (numberFirst.has(country) ? [number, road] : [road, number]).filter(Boolean).join(" ");
  const [city, postcode] = [cityOf(address), textIn(address, "postcode")];
  const state = country === "us" ? textIn(address, "state") : undefined;
  const place = postcodeLast.has(country)
    ? [city, [state, postcode].filter(Boolean).join(" ")].filter(Boolean).join(", ")
    : [postcode, city].filter(Boolean).join(" ");
  return [street, place, textIn(address, "country")].filter(Boolean).join(", ");
}
