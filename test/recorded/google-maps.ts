import { refusedByGoogle } from "../../src/adapters/maps/google.ts";
import { parseGooglePlaces } from "../../src/adapters/maps/google-places.ts";
import { parseGoogleRoutes } from "../../src/adapters/maps/google-routes.ts";
import type { FoundPlace } from "../../src/adapters/maps/schemas.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { must, type RecordedAdapter } from "./adapter.ts";

const point = (latitude: number, longitude: number) => ({ kind: "point" as const, latitude, longitude });
const ends = { origin: point(55.6761, 12.5683), destination: point(55.6799, 12.5909) };
const words = { origin: { kind: "text" as const, text: "A" }, destination: { kind: "text" as const, text: "B" } };

const routes =
  (expected: { metres: number; seconds: number; steps: number; first?: string; last?: string }) =>
  (json: unknown): string => {
    const { routes: found } = parseGoogleRoutes(json, ends, "driving");
    const [route] = found;
    must(
      route?.metres === expected.metres && route.seconds === expected.seconds,
      `${route?.metres} m, ${route?.seconds} s`,
    );
    must(route?.steps.length === expected.steps, `${route?.steps.length} steps`);
    must(route?.steps[0]?.instruction === expected.first, `begins: ${route?.steps[0]?.instruction}`);
    must(route?.steps.at(-1)?.instruction === expected.last, `ends: ${route?.steps.at(-1)?.instruction}`);
    return `${route?.metres} m, ${route?.steps.length} steps`;
  };

const refused =
  (provider: string, status: number, expected: RegExp) =>
  (json: unknown): string => {
    const error = refusedByGoogle(provider, status, json);
    must(error !== undefined && expected.test(error.message), String(error));
    return String(error);
  };

const places =
  (count: number, expected: Partial<FoundPlace>) =>
  (json: unknown): string => {
    const found = parseGooglePlaces(json);
    must(found.length === count, `understood ${found.length} places`);
    must(Bun.deepMatch(expected, found[0]), `understood ${JSON.stringify(found[0])}`);
    return found.map(({ name }) => name).join("; ");
  };

const post = async (sandbox: Sandbox, setting: string, path: string, body: unknown, mask = "*"): Promise<unknown> =>
  (
    await fetch(`${sandbox.baseUrls[setting]}${path}`, {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "x-goog-api-key": "sandbox-key", "x-goog-fieldmask": mask },
    })
  ).json();

const toLinden = {
  origin: { address: "Alexanderplatz, Berlin" },
  destination: { address: "Brandenburg Gate" },
};
const routeMask =
  "routes.distanceMeters,routes.duration,routes.description,routes.localizedValues,routes.legs.steps.distanceMeters,routes.legs.steps.staticDuration,routes.legs.steps.startLocation,routes.legs.steps.endLocation,routes.legs.steps.navigationInstruction,routes.legs.steps.localizedValues";
const placeMask =
  "places.name,places.id,places.types,places.primaryType,places.displayName,places.shortFormattedAddress,places.nationalPhoneNumber,places.location,places.googleMapsUri,places.websiteUri";

export const googleMaps: RecordedAdapter = {
  name: "google-maps",
  folders: ["google-routes", "google-places"],
  files: {
    "google-routes/computeroutes_bicycle_all_steps.json": (json) => {
      const { origin, destination } = parseGoogleRoutes(json, words, "cycling");
      must(origin.latitude === 55.676145600000005 && destination.longitude === 12.5909193, "the ends were not read");
      return routes({
        metres: 2332,
        seconds: 465,
        steps: 6,
        first: "Head northeast toward Rådhuspladsen",
        last: "Turn left onto Nyhavn. Walk your bicycle. Destination will be on the left",
      })(json);
    },
    "google-routes/computeroutes_drive_3_steps.json": routes({
      metres: 1982,
      seconds: 425,
      steps: 3,
      first: "Head southwest on H. C. Andersens Blvd. toward H. C. Andersens Blvd.",
      last: "Turn left onto Nyhavn. Destination will be on the right",
    }),
    "google-routes/computeroutes_drive_traffic_aware.json": routes({ metres: 17011, seconds: 1152, steps: 0 }),
    "google-routes/error_403_service_disabled_array.json": refused(
      "Google Routes",
      403,
      /^Google Routes refused the key: Routes API has not been used in project XXX before/,
    ),
    "google-places/error_403_api_key_ios_app_blocked.json": refused(
      "Google Places",
      403,
      /^Google Places refused the key: Requests from this iOS client application/,
    ),
    "google-places/searchtext_one_place.json": places(1, {
      id: "ChIJCQL2l3Yts1IRzcRk-Zh5rdY",
      name: "Bang Brewing Company",
      address: "2320 Capp Rd, St Paul",
      latitude: 44.970469600000008,
      website: "http://bangbrewing.com/",
      kind: "food",
    }),
    "google-places/searchtext_restaurants_opening_hours_price_range.json": (json) => {
      const [first] = parseGooglePlaces(json);
      must(first?.phone === "(212) 555-0100", `the phone is ${first?.phone}`);
      must(
        first?.opening_hours?.startsWith("Monday: Closed; Tuesday: 12:00 – 10:00 PM; ") === true,
        `${first?.opening_hours}`,
      );
      return `${first?.name}, ${first?.opening_hours}`;
    },
    "google-places/searchtext_two_places_phone.json": (json) => {
      const found = parseGooglePlaces(json);
      must(
        found.length === 2 && found.every(({ phone }) => phone !== undefined),
        `understood ${JSON.stringify(found)}`,
      );
      return found.map(({ name, phone }) => `${name} ${phone}`).join("; ");
    },
  },
  standIns: [
    {
      files: ["google-routes/computeroutes_bicycle_all_steps.json", "google-routes/computeroutes_drive_3_steps.json"],
      ask: (sandbox) => post(sandbox, "GOOGLE_ROUTES_BASE_URL", "/directions/v2:computeRoutes", toLinden, routeMask),
    },
    {
      files: ["google-places/searchtext_one_place.json", "google-places/searchtext_two_places_phone.json"],
      unasked: [".places[].photos"],
      ask: (sandbox) =>
        post(sandbox, "GOOGLE_PLACES_BASE_URL", "/v1/places:searchText", { textQuery: "Zum Alten Ufer" }, placeMask),
    },
    {
      files: ["google-places/error_403_api_key_ios_app_blocked.json"],
      unasked: [".error.details[].metadata.iosBundleId"],
      ask: async (sandbox) =>
        (
          await fetch(`${sandbox.baseUrls.GOOGLE_PLACES_BASE_URL}/v1/places:searchText`, {
            method: "POST",
            body: "{}",
            headers: { "x-goog-api-key": "disabled-key", "x-goog-fieldmask": "*" },
          })
        ).json(),
    },
  ],
};
