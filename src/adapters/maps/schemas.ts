import { type Static, Type } from "@sinclair/typebox";
import { ListedPlaceSchema } from "../../core/saved-place.ts";
import { Units } from "../../core/user.ts";

const strict = { additionalProperties: false };
const optional = { text: Type.Optional(Type.String()), number: Type.Optional(Type.Number()) };

export const Mode = Type.Union([
  Type.Literal("driving"),
  Type.Literal("walking"),
  Type.Literal("cycling"),
  Type.Literal("transit"),
]);
export type Mode = Static<typeof Mode>;
export type UnitSystem = Static<typeof Units>;

/** Fields that strangers wrote: whoever edits the map, and whoever made a file of places that was imported. */
export const untrusted = [
  "name",
  "address",
  "phone",
  "website",
  "opening_hours",
  "kind",
  "note",
  "instruction",
  "summary",
  "warnings",
] as const;

const placeText = (description: string) => Type.String({ minLength: 1, maxLength: 300, description });
const ownPlaces = Type.Optional(
  Type.Boolean({
    description: "Whether names and labels of your saved places are understood; they are unless told",
    "x-requires-auth": true,
  }),
);
const units = Type.Optional({ ...Units, description: "metric (m, km) or imperial (ft, mi)" });

export const DirectionsInput = Type.Object(
  {
    origin: placeText('An address or place, latitude,longitude, or a saved place such as "home"'),
    destination: placeText("The same for the end of the way"),
    mode: Type.Optional({ ...Mode, description: "driving unless told; transit needs GOOGLE_MAPS_API_KEY" }),
    alternatives: Type.Optional(Type.Boolean({ description: "Also other ways, where there are any" })),
    units,
    saved_places: ownPlaces,
  },
  strict,
);

export const SearchInput = Type.Object(
  {
    query: placeText("What to look for: a name, an address, or a kind of place"),
    near: Type.Optional(placeText("Only around this place: an address, latitude,longitude, or a saved place")),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 20, description: "How many at most; 5 unless told" })),
    units,
    saved_places: ownPlaces,
  },
  strict,
);

export const SavedInput = Type.Object(
  {
    query: Type.Optional(placeText("Only those whose name, label, address or note holds this")),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000, description: "How many at most; 100 unless told" }),
    ),
  },
  strict,
);

const Step = Type.Object({
  instruction: Type.String(),
  distance_m: Type.Number(),
  duration_s: Type.Number(),
  distance_text: Type.String({ description: "In the units asked for" }),
});

const Route = Type.Object({
  distance_m: Type.Number(),
  duration_s: Type.Number(),
  distance_text: Type.String(),
  duration_text: Type.String(),
  summary: Type.String(),
  steps: Type.Array(Step),
  warnings: Type.Optional(Type.Array(Type.String())),
  map_url: Type.String({ description: "A page that shows the route" }),
});
export type Route = Static<typeof Route>;

const End = Type.Object({
  name: Type.String(),
  address: optional.text,
  latitude: Type.Number(),
  longitude: Type.Number(),
});

/** The result of directions, the best route first. */
export const DirectionsOutput = Type.Object({
  origin: End,
  destination: End,
  mode: Mode,
  units: Units,
  routes: Type.Array(Route),
});

const FoundPlace = Type.Object({
  id: Type.String(),
  name: Type.String(),
  address: optional.text,
  latitude: optional.number,
  longitude: optional.number,
  phone: optional.text,
  website: optional.text,
  opening_hours: optional.text,
  kind: Type.Optional(Type.String({ description: "restaurant, station, museum, …" })),
  distance_m: Type.Optional(Type.Number({ description: "From the place given as near" })),
  distance_text: optional.text,
  url: optional.text,
  label: optional.text,
  saved: Type.Optional(Type.Boolean({ description: "Whether it is one of your saved places" })),
});
export type FoundPlace = Static<typeof FoundPlace>;

export const SearchOutput = Type.Object({
  query: Type.String(),
  near: Type.Optional(End),
  units: Units,
  places: Type.Array(FoundPlace),
});

export const SavedOutput = Type.Object({
  saved_places: Type.Array(ListedPlaceSchema),
  total: Type.Integer({ description: "How many there are, shown or not" }),
});
