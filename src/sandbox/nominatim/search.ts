import type { Spot, Street, Town } from "./town.ts";
import { towns } from "./world.ts";

/** Something of the stand-ins' map that a search can find. */
export interface Found {
  town: Town;
  category: string;
  type: string;
  name: string;
  latitude: number;
  longitude: number;
  importance: number;
  houseNumber?: string;
  street?: string;
  suburb?: string;
  postcode?: string;
  tags: Record<string, string>;
}

interface Entry {
  found: Found;
  /** Words that mean the thing itself: its names, and what it is. */
  own: Set<string>;
  /** Its street and number: they mean it when both are asked for. */
  street: string[];
  houseNumber: string[];
  /** Words that only say where it is. */
  around: Set<string>;
}

const fillers = new Set(["in", "near", "at", "the", "of", "and", "a", "on", "by", "auf", "de", "la"]);
const shortForms: Record<string, string> = { str: "strasse", st: "street", ave: "avenue", blvd: "boulevard" };
const countryWords: Record<string, string> = { us: "usa america states", gb: "uk england britain", nl: "holland" };
const kindWords: Record<string, string> = {
  restaurant: "restaurants",
  cafe: "cafes coffee",
  station: "stations train railway",
  museum: "museums",
  pharmacy: "pharmacies",
  hotel: "hotels",
  pub: "pubs",
  books: "bookshop bookshops",
  bakery: "bakeries",
};
const importanceOf: Record<string, number> = { attraction: 0.52, tower: 0.5, station: 0.46, museum: 0.42 };
const highestHouseNumber = 250;

/** Words without case, accents and punctuation. */
const wordsOf = (text: string): string[] =>
  text
    .replaceAll("ß", "ss")
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean)
    .map((word) => shortForms[word] ?? word.replace(/(?<=.)str$/, "strasse"));

/** What a query means, the best first. Every word of it has to be understood. */
export function find(query: string, area: readonly Town[] = towns): Found[] {
  const words = wordsOf(query).filter((word) => !fillers.has(word));
  if (words.length === 0) return [];
  const asked = wordsOf(query.split(",")[0] ?? "").join(" ");
  return area
    .flatMap((town) => entriesOf(town).concat(housesOf(town, words)))
    .filter((entry) => isMeant(entry, words))
    .map(({ found }) => ({ found, isNamed: wordsOf(found.name).join(" ") === asked }))
    .sort((a, b) => Number(b.isNamed) - Number(a.isNamed) || b.found.importance - a.found.importance)
    .map(({ found }) => found);
}

function isMeant({ own, street, houseNumber, around }: Entry, words: readonly string[]): boolean {
  const isAddress = houseNumber.length > 0 && [...street, ...houseNumber].every((word) => words.includes(word));
  if (!isAddress && !words.some((word) => own.has(word))) return false;
  return words.every(
    (word) => own.has(word) || around.has(word) || street.includes(word) || houseNumber.includes(word),
  );
}

function entriesOf(town: Town): Entry[] {
  const { name, alternates, latitude, longitude, importance } = town;
  const itself: Entry = {
    found: { town, category: "boundary", type: "administrative", name, latitude, longitude, importance, tags: {} },
    own: new Set([name, ...alternates].flatMap(wordsOf)),
    street: [],
    houseNumber: [],
    around: aroundTown(town),
  };
  return [
    itself,
    ...town.streets.map((street) => entryOfStreet(town, street)),
    ...town.spots.map((spot) => entryOfSpot(town, spot)),
  ];
}

const aroundTown = ({ name, alternates, state, country, countryCode }: Town): Set<string> =>
  new Set([name, ...alternates, state, country, countryCode, countryWords[countryCode] ?? ""].flatMap(wordsOf));

const aroundStreet = (town: Town, { suburb, postcode }: Street | Spot): Set<string> =>
  new Set([...aroundTown(town), ...wordsOf(suburb), ...wordsOf(postcode)]);

function entryOfStreet(town: Town, street: Street): Entry {
  const { name, latitude, longitude, suburb, postcode } = street;
  return {
    found: {
      town,
      category: "highway",
      type: "residential",
      name,
      latitude,
      longitude,
      importance: 0.1,
      street: name,
      suburb,
      postcode,
      tags: {},
    },
    own: new Set(wordsOf(name)),
    street: [],
    houseNumber: [],
    around: aroundStreet(town, street),
  };
}

function entryOfSpot(town: Town, spot: Spot): Entry {
  const { alternates, category, type, ...found } = spot;
  const kind = `${type} ${kindWords[type] ?? ""}`;
  return {
    found: { ...found, town, category, type, importance: importanceOf[type] ?? 0.0001 },
    own: new Set([spot.name, ...alternates, kind].flatMap(wordsOf)),
    street: wordsOf(spot.street),
    houseNumber: wordsOf(spot.houseNumber ?? ""),
    around: aroundStreet(town, spot),
  };
}

/** An address in a known street needs no entry of its own: houses stand along it. */
function housesOf(town: Town, words: readonly string[]): Entry[] {
  return town.streets.flatMap((street): Entry[] => {
    const named = wordsOf(street.name);
    const number = words.find((word) => /^\d{1,3}[a-z]?$/.test(word) && !named.includes(word));
    const isTaken = town.spots.some(
      (spot) => spot.street === street.name && spot.houseNumber?.toLowerCase() === number,
    );
    if (number === undefined || isTaken || Number.parseInt(number, 10) > highestHouseNumber) return [];
    const along = (Number.parseInt(number, 10) - highestHouseNumber / 2) * 0.00004;
    const entry = entryOfStreet(town, street);
    const place = { latitude: street.latitude + along / 2, longitude: street.longitude + along };
    return [
      {
        ...entry,
        found: {
          ...entry.found,
          ...place,
          category: "place",
          type: "house",
          name: "",
          houseNumber: number,
          importance: 0.2,
        },
        own: new Set(),
        street: named,
        houseNumber: [number],
      },
    ];
  });
}
