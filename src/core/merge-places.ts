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

function createIndex(places: readonly SavedPlace[]) {
  const byGoogleId = new Map<string, SavedPlace>();
  const byName = new Map<string, Map<string, SavedPlace>>();
  const put = (place: SavedPlace): void => {
    const id = googleId(place.url);
    if (id) byGoogleId.set(id, place);
    const name = plainName(place.name);
    const same = byName.get(name) ?? new Map<string, SavedPlace>();
    same.set(place.id, place);
    byName.set(name, same);
  };
  for (const place of places) put(place);
  return {
    put,
    find(given: NewPlace): SavedPlace | undefined {
      const id = googleId(given.url);
      const known = id ? byGoogleId.get(id) : undefined;
      return known ?? [...(byName.get(plainName(given.name))?.values() ?? [])].find((place) => isSame(place, given));
    },
  };
}

/** Two places of one name. Two that Google tells apart are two. */
function isSame(known: SavedPlace, given: NewPlace): boolean {
  const ids = [googleId(known.url), googleId(given.url)];
  if (ids[0] && ids[1]) return ids[0] === ids[1];
  const { latitude, longitude } = known;
  if (
    latitude !== undefined &&
    longitude !== undefined &&
    given.latitude !== undefined &&
    given.longitude !== undefined
  ) {
    return Math.abs(latitude - given.latitude) < near && Math.abs(longitude - given.longitude) < near;
  }
  if (known.address !== undefined && given.address !== undefined)
    return plainName(known.address) === plainName(given.address);
  return true;
}
