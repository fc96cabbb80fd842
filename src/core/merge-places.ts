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

/** A place, and the slots in which the index holds it. */
interface Entry {
  place: SavedPlace;
  slots: string[];
}

/**
 * Finds a known place without comparing each with each: thousands may bear one name. Two that Google tells apart are two, so one
 * with a number of Google's is looked for by it, and else only among those without.
 */
function createIndex(places: readonly SavedPlace[]) {
  const entries = new Map<string, Entry>();
  const byGoogleId = new Map<string, string>();
  const held = new Map<string, Set<string>>();
  const put = (place: SavedPlace): void => {
    for (const slot of entries.get(place.id)?.slots ?? []) held.get(slot)?.delete(place.id);
    const number = googleId(place.url);
    if (number) byGoogleId.set(number, place.id);
    const slots = slotsOf(place).map((slot) => keyOf(place, number !== undefined, slot));
    for (const slot of slots) held.set(slot, (held.get(slot) ?? new Set()).add(place.id));
    entries.set(place.id, { place, slots });
  };
  for (const place of places) put(place);
  return {
    put,
    find(given: NewPlace): SavedPlace | undefined {
      const number = googleId(given.url);
      const known = number && byGoogleId.get(number);
      if (known) return entries.get(known)?.place;
      for (const slot of wantedSlots(given)) {
        for (const isNumbered of number ? [false] : [false, true]) {
          for (const id of held.get(keyOf(given, isNumbered, slot)) ?? []) {
            const place = entries.get(id)?.place;
            if (place && !isFar(place, given)) return place;
          }
        }
      }
      return undefined;
    },
  };
}

const keyOf = ({ name }: { name: string }, isNumbered: boolean, slot: string): string =>
  `${plainName(name)}\n${isNumbered}\n${slot}`;

const plainAddress = ({ address }: { address?: string }): string => plainName(address ?? "");

function slotsOf(place: SavedPlace): string[] {
  const [square] = squaresOf(place);
  const side = square ? "pointed" : "pointless";
  return [side, `${side} at ${plainAddress(place)}`, ...(square ? [square] : [])];
}

/** Where one of its name has to be: near its point; and where one of the two has no point, at its address or at none. */
function wantedSlots(given: NewPlace): string[] {
  const address = plainAddress(given);
  const on = (side: string): string[] => (address === "" ? [side] : [`${side} at ${address}`, `${side} at `]);
  const squares = squaresOf(given);
  return [...(squares.length > 0 ? squares : on("pointed")), ...on("pointless")];
}

/** The square that a point lies in, then those around it. */
function squaresOf({ latitude, longitude }: { latitude?: number; longitude?: number }): string[] {
  if (latitude === undefined || longitude === undefined) return [];
  const [row, column] = [Math.floor(latitude / near), Math.floor(longitude / near)];
  const steps = [0, -1, 1];
  return steps.flatMap((down) => steps.map((right) => `${row + down} ${column + right}`));
}

/** Of two points; the edge of a square is no border. */
function isFar(a: NewPlace, b: NewPlace): boolean {
  const apart = (from: number | undefined, to: number | undefined): boolean =>
    from !== undefined && to !== undefined && Math.abs(from - to) >= near;
  return apart(a.latitude, b.latitude) || apart(a.longitude, b.longitude);
}
