import type { NewPlace, PlaceChanges, SavedPlace } from "./saved-place.ts";
import { makeId } from "./secret.ts";

/** Degrees within which two places of one name are one: about a hundred metres. */
const near = 0.001;

/** For comparing names: without case, accents and punctuation. "São-Paulo" and "sao paulo" are one. */
export const plainName = (text: string): string =>
  text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/**
 * The number under which Google knows a place. Its links carry it as `cid=…`, or in hex as the second half of
 * `ftid=0x…:0x…` and of `!1s0x…:0x…`.
 */
export function googleId(url: string | undefined): string | undefined {
  const decimal = /[?&]cid=(\d{1,20})\b/.exec(url ?? "")?.[1];
  if (decimal) return decimal;
  const hex = /0x[0-9a-f]{1,16}(?::|%3a)0x([0-9a-f]{1,16})\b/i.exec(url ?? "")?.[1];
  return hex && hex !== "0" ? BigInt(`0x${hex}`).toString() : undefined;
}

export interface Merged extends PlaceChanges {
  unchanged: number;
}

/** Sorts incoming places into new ones, ones that complete a known place, and ones that add nothing. */
export function mergePlaces(before: readonly SavedPlace[], incoming: readonly NewPlace[], now: Date): Merged {
  const index = createIndex(before);
  const added = new Map<string, SavedPlace>();
  const updated = new Map<string, SavedPlace>();
  const labels = new Set(before.flatMap(({ label }) => label ?? []));
  let unchanged = 0;
  for (const given of incoming) {
    const label = given.label !== undefined && !labels.has(given.label) ? given.label : undefined;
    const known = index.find(given);
    if (!known) {
      const { label: _taken, ...place } = given;
      const fresh = { ...place, ...(label ? { label } : {}), id: makeId("plc"), importedAt: now };
      if (label) labels.add(label);
      added.set(fresh.id, fresh);
      index.put(fresh);
      continue;
    }
    const completed = complete(known, { ...given, label });
    if (completed === undefined) {
      unchanged += 1;
      continue;
    }
    if (completed.label) labels.add(completed.label);
    (added.has(known.id) ? added : updated).set(known.id, completed);
    index.put(completed);
  }
  return { add: [...added.values()], update: [...updated.values()], unchanged };
}

/** What a person wrote stays; what was missing is filled in. Undefined when nothing was. */
function complete(
  known: SavedPlace,
  given: Omit<NewPlace, "label"> & { label: string | undefined },
): SavedPlace | undefined {
  const hasPoint = known.latitude !== undefined;
  const filled: SavedPlace = {
    ...known,
    ...(known.label === undefined && given.label !== undefined ? { label: given.label } : {}),
    ...(known.address === undefined && given.address !== undefined ? { address: given.address } : {}),
    ...(known.note === undefined && given.note !== undefined ? { note: given.note } : {}),
    ...(known.url === undefined && given.url !== undefined ? { url: given.url } : {}),
    ...(!hasPoint && given.latitude !== undefined && given.longitude !== undefined
      ? { latitude: given.latitude, longitude: given.longitude }
      : {}),
  };
  return Object.keys(filled).length > Object.keys(known).length ? filled : undefined;
}

/** A place with what it is compared by. */
interface Entry {
  place: SavedPlace;
  googleId: string | undefined;
  address: string | undefined;
}

interface Namesakes {
  /** By square of the map, so that thousands of dropped pins are not compared with each other. */
  squares: Map<string, Set<string>>;
  pointed: Set<string>;
  pointless: Set<string>;
}

function createIndex(places: readonly SavedPlace[]) {
  const entries = new Map<string, Entry>();
  const byGoogleId = new Map<string, string>();
  const byName = new Map<string, Namesakes>();
  const put = (place: SavedPlace): void => {
    const entry = { place, googleId: googleId(place.url), address: place.address && plainName(place.address) };
    entries.set(place.id, entry);
    if (entry.googleId) byGoogleId.set(entry.googleId, place.id);
    const name = plainName(place.name);
    const namesakes = byName.get(name) ?? { squares: new Map(), pointed: new Set(), pointless: new Set() };
    byName.set(name, namesakes);
    const [square] = squaresOf(place);
    (square ? namesakes.pointed : namesakes.pointless).add(place.id);
    if (square === undefined) return;
    namesakes.pointless.delete(place.id);
    namesakes.squares.set(square, (namesakes.squares.get(square) ?? new Set()).add(place.id));
  };
  for (const place of places) put(place);
  return {
    put,
    find(given: NewPlace): SavedPlace | undefined {
      const wanted = { googleId: googleId(given.url), address: given.address && plainName(given.address) };
      const known = wanted.googleId ? byGoogleId.get(wanted.googleId) : undefined;
      if (known !== undefined) return entries.get(known)?.place;
      const namesakes = byName.get(plainName(given.name));
      if (!namesakes) return undefined;
      const squares = squaresOf(given);
      const near = squares.length > 0 ? squares.map((square) => namesakes.squares.get(square)) : [namesakes.pointed];
      for (const ids of [...near, namesakes.pointless]) {
        for (const id of ids ?? []) {
          const entry = entries.get(id);
          if (entry && isSame(entry, { ...wanted, place: given })) return entry.place;
        }
      }
      return undefined;
    },
  };
}

/** The square that a point lies in, then those around it. */
function squaresOf({ latitude, longitude }: { latitude?: number; longitude?: number }): string[] {
  if (latitude === undefined || longitude === undefined) return [];
  const [row, column] = [Math.floor(latitude / near), Math.floor(longitude / near)];
  const steps = [0, -1, 1];
  return steps.flatMap((down) => steps.map((right) => `${row + down} ${column + right}`));
}

/** Two places of one name. Two that Google tells apart are two. */
function isSame(known: Entry, given: Omit<Entry, "place"> & { place: NewPlace }): boolean {
  if (known.googleId && given.googleId) return known.googleId === given.googleId;
  const [a, b] = [known.place, given.place];
  if (a.latitude !== undefined && a.longitude !== undefined && b.latitude !== undefined && b.longitude !== undefined) {
    return Math.abs(a.latitude - b.latitude) < near && Math.abs(a.longitude - b.longitude) < near;
  }
  return known.address === undefined || given.address === undefined || known.address === given.address;
}
