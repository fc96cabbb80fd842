/** A street of the stand-ins' small world, straight enough for its purpose. */
export interface Street {
  name: string;
  /** Its middle. */
  latitude: number;
  longitude: number;
  postcode: string;
  suburb: string;
}

export interface Spot {
  category: string;
  type: string;
  name: string;
  /** Other names by which it is found. */
  alternates: readonly string[];
  latitude: number;
  longitude: number;
  houseNumber?: string;
  street: string;
  suburb: string;
  postcode: string;
  tags: Record<string, string>;
}

export interface Town {
  name: string;
  alternates: readonly string[];
  latitude: number;
  longitude: number;
  state: string;
  country: string;
  /** In lower case. */
  countryCode: string;
  osmId: number;
  importance: number;
  streets: readonly Street[];
  spots: readonly Spot[];
}

type Place = Omit<Town, "streets" | "spots">;

/**
 * Reads a town from two tables.
 * @param streets columns: name, latitude, longitude, postcode, suburb
 * @param spots columns: category=type, name and other names, latitude, longitude, house number, street, tags by " ~ "
 */
export function readTown(place: Place, streets: string, spots: string): Town {
  const known = rowsOf(streets).map(
    ([name = "", latitude, longitude, postcode = "", suburb = ""]): Street => ({
      name,
      latitude: Number(latitude),
      longitude: Number(longitude),
      postcode,
      suburb,
    }),
  );
  return { ...place, streets: known, spots: rowsOf(spots).map((row) => readSpot(row, known)) };
}

function readSpot(row: string[], streets: readonly Street[]): Spot {
  const [kind = "", names = "", latitude, longitude, houseNumber, street = "", tags = ""] = row;
  const [category = "", type = ""] = kind.split("=");
  const [name = "", ...alternates] = names.split(" / ");
  const on = streets.find((each) => each.name === street);
  if (!on) throw new Error(`${name} lies at ${street}, which is no street of its town`);
  return {
    category,
    type,
    name,
    alternates,
    latitude: Number(latitude),
    longitude: Number(longitude),
    ...(houseNumber ? { houseNumber } : {}),
    street,
    suburb: on.suburb,
    postcode: on.postcode,
    tags: Object.fromEntries(tags.split(" ~ ").filter(Boolean).map(readTag)),
  };
}

function readTag(text: string): [string, string] {
  const at = text.indexOf("=");
  return [text.slice(0, at), text.slice(at + 1)];
}

const rowsOf = (table: string): string[][] =>
  table
    .trim()
    .split("\n")
    .map((line) => line.split("|").map((cell) => cell.trim()));
