import { type Static, Type } from "@sinclair/typebox";

export type PlaceSource = "google_takeout" | "import" | "manual";

/** A place that a person keeps. Coordinates are absent until something had to find them. */
export interface SavedPlace {
  id: string;
  name: string;
  /** "home", "work" or another short word; one place has it at a time. */
  label?: string;
  address?: string;
  latitude?: number;
  longitude?: number;
  url?: string;
  note?: string;
  source: PlaceSource;
  importedAt: Date;
}

export type NewPlace = Omit<SavedPlace, "id" | "importedAt">;

/** What one person keeps; every method is bound to that person. */
export interface OwnPlaces {
  list(): Promise<SavedPlace[]>;
  /** Keeps coordinates that were looked up, where there still are none. */
  locate(id: string, latitude: number, longitude: number): Promise<void>;
}

/** What becomes of a user's places in one transaction. */
export interface PlaceChanges {
  add: readonly SavedPlace[];
  update: readonly SavedPlace[];
}

/** How many of how many are done. */
export type Tell = (done: number, total: number) => void;

export interface SavedPlaceStore {
  /** By name. */
  list(userId: string): Promise<SavedPlace[]>;
  /**
   * Reads, changes and writes in one transaction. A throw in `change` leaves everything as it was.
   * @param tell hears of each place written
   */
  change(userId: string, change: (before: readonly SavedPlace[]) => PlaceChanges, tell?: Tell): Promise<void>;
  remove(userId: string, id: string): Promise<boolean>;
  locate(userId: string, id: string, latitude: number, longitude: number): Promise<void>;
}

/** A user keeps no more than this. */
export const mostPlaces = 20_000;

const strict = { additionalProperties: false };
const Text = (most: number, description: string) => Type.String({ minLength: 1, maxLength: most, description });
const fields = {
  name: Text(300, "What you call it"),
  address: Type.Optional(Text(500, "Where it is; looked up when it is first needed")),
  latitude: Type.Optional(Type.Number({ minimum: -90, maximum: 90 })),
  longitude: Type.Optional(Type.Number({ minimum: -180, maximum: 180 })),
  url: Type.Optional(Type.String({ format: "http-url", maxLength: 2_000 })),
  note: Type.Optional(Text(2_000, "A note of your own")),
};
const Label = Type.String({
  format: "label",
  pattern: "\\S",
  maxLength: 40,
  description: "home, work or any short word",
});

/** The body that adds a place. */
export const PlaceBody = Type.Object({ ...fields, label: Type.Optional(Label) }, strict);

/** The body that changes one; null removes a part. */
export const PlacePatch = Type.Object(
  {
    name: Type.Optional(fields.name),
    address: Type.Optional(Type.Union([Text(500, "Where it is"), Type.Null()])),
    latitude: Type.Optional(Type.Union([Type.Number({ minimum: -90, maximum: 90 }), Type.Null()])),
    longitude: Type.Optional(Type.Union([Type.Number({ minimum: -180, maximum: 180 }), Type.Null()])),
    note: Type.Optional(Type.Union([Text(2_000, "A note of your own"), Type.Null()])),
    label: Type.Optional(Type.Union([Label, Type.Null()])),
  },
  { ...strict, minProperties: 1 },
);

/** The body that imports a file. */
export const PlaceImportBody = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 255, description: "The file's name, such as takeout.zip" }),
    type: Type.Optional(Type.String({ maxLength: 100, description: "Its media type; the name tells as well" })),
    content: Type.String({ minLength: 1, contentEncoding: "base64", description: "The file itself, in base64" }),
  },
  strict,
);

/** Our own file of places. */
export const PlaceExportSchema = Type.Object(
  {
    version: Type.Literal(1),
    saved_places: Type.Array(Type.Object({ ...fields, label: Type.Optional(Label) }, strict), { maxItems: mostPlaces }),
  },
  strict,
);
export type PlaceExport = Static<typeof PlaceExportSchema>;

/** A place as every listing shows it; field names are the wire's. */
export const ListedPlaceSchema = Type.Object({
  id: Type.String(),
  name: Type.String(),
  label: Type.Optional(Type.String()),
  address: Type.Optional(Type.String()),
  latitude: Type.Optional(Type.Number()),
  longitude: Type.Optional(Type.Number()),
  url: Type.Optional(Type.String()),
  note: Type.Optional(Type.String()),
  source: Type.String({ description: "google_takeout, import or manual" }),
  imported_at: Type.String(),
});
export type ListedPlace = Static<typeof ListedPlaceSchema>;

export function listPlace({ importedAt, ...place }: SavedPlace): ListedPlace {
  return { ...place, imported_at: importedAt.toISOString() };
}

/** Our own file of places, which an import reads. */
export const exportPlaces = (places: readonly ListedPlace[]): PlaceExport => ({
  version: 1,
  saved_places: places.map(({ id: _id, source: _source, imported_at: _at, ...kept }) => kept),
});
