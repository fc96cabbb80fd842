import { AppError } from "../../src/core/errors.ts";
import { type OsmPlace, parseNominatim } from "../../src/osm/nominatim.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { must, type RecordedAdapter } from "./adapter.ts";

const first =
  (count: number, expected: Partial<OsmPlace>) =>
  (json: unknown): string => {
    const places = parseNominatim(json);
    must(places.length === count, `understood ${places.length} places`);
    must(Bun.deepMatch(expected, places[0]), `understood ${JSON.stringify(places[0])}`);
    return `${count} places, ${places[0]?.name ?? "none"}`;
  };

const refused = (json: unknown): string => {
  try {
    parseNominatim(json);
  } catch (error) {
    must(error instanceof AppError && error.code === "upstream_rejected", String(error));
    return "refused";
  }
  throw new Error("it was taken for places");
};

const search = async (sandbox: Sandbox, q: string): Promise<unknown> =>
  (
    await fetch(
      `${sandbox.baseUrls.NOMINATIM_BASE_URL}/search?format=jsonv2&addressdetails=1&extratags=1&q=${encodeURIComponent(q)}`,
      { headers: { "user-agent": "mcqueen/check" } },
    )
  ).json();

const searches = [
  "nominatim/search_brussels_palace_5_results_extratags.json",
  "nominatim/search_downing_street_extratags_website.json",
  "nominatim/search_elbphilharmonie_extratags.json",
];
/** The recordings are older than these fields; tags differ from place to place. */
const documented = ["[].addresstype", "[].name", "[].extratags", "[].address", "[].icon"];

export const nominatim: RecordedAdapter = {
  name: "nominatim",
  folders: ["nominatim"],
  files: {
    "nominatim/over_limit_509.html": refused,
    "nominatim/reverse_name_null.json": (json) => {
      const [place] = parseNominatim([json]);
      must(place?.name === "Sarue 1-chome" && place.category === "highway", `understood ${JSON.stringify(place)}`);
      return place?.address ?? "";
    },
    "nominatim/search_brussels_palace_5_results_extratags.json": (json) => {
      const places = parseNominatim(json);
      must(places.length === 5, `understood ${places.length} places`);
      const [, coudenberg, belvue, house, filles] = places;
      must(coudenberg?.phone === "+32 2 555 01 00", `the phone is ${coudenberg?.phone}`);
      must(belvue?.openingHours?.startsWith("Mo off; Tu-Fr 09:00-17:00") === true, "the hours were not read");
      must(house?.name === "Place des Palais - Paleizenplein 1", `the house is called ${house?.name}`);
      must(filles?.type === "restaurant" && filles.website === "https://www.lesfilles.be/", "the restaurant is odd");
      return places.map(({ name }) => name).join("; ");
    },
    "nominatim/search_downing_street_extratags_website.json": first(2, {
      id: "relation/1879842",
      name: "Prime Minister’s Office",
      address: "10 Downing Street, Westminster, SW1A 2AA, United Kingdom",
      website: "http://www.number10.gov.uk/",
      countryCode: "GB",
    }),
    "nominatim/search_elbphilharmonie_extratags.json": first(1, {
      name: "Elbphilharmonie",
      address: "Platz der Deutschen Einheit 1, 20457 Hamburg, Deutschland",
      phone: "+49 40 5550100",
      website: "https://www.elbphilharmonie.de/de/",
      city: "Hamburg",
    }),
    "nominatim/search_hotel_extratags_phone_namedetails.json": first(1, {
      name: "Hotel Avenida",
      category: "tourism",
      phone: "+351 239 000 000",
    }),
    "nominatim/search_no_result.json": (json) => {
      must(parseNominatim(json).length === 0, "something was found");
      return "no places";
    },
  },
  standIns: [
    { files: searches, documented, ask: (sandbox) => search(sandbox, "Brandenburg Gate") },
    { files: searches, documented, ask: (sandbox) => search(sandbox, "10 Downing St, London") },
    { files: ["nominatim/search_no_result.json"], exact: true, ask: (sandbox) => search(sandbox, "jsajhgsdkfjhsfkj") },
  ],
};
