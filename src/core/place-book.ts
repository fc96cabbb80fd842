import { type AuditStore, who } from "./audit.ts";
import type { Caller } from "./call.ts";
import { AppError, invalidParameters } from "./errors.ts";
import { mergePlaces, plainName } from "./merge-places.ts";
import { checkParameters } from "./parameters.ts";
import {
  type ListedPlace,
  listPlace,
  mostPlaces,
  type NewPlace,
  type OwnPlaces,
  PlaceBody,
  PlaceImportBody,
  PlacePatch,
  type SavedPlace,
  type SavedPlaceStore,
  type Tell,
} from "./saved-place.ts";
import { makeId } from "./secret.ts";

/** What a file of places held. */
export interface ReadPlaces {
  places: NewPlace[];
  /** Rows that are no places, by reason. */
  skipped: Record<string, number>;
}

export interface PlaceImport {
  added: number;
  updated: number;
  unchanged: number;
  skipped: { reason: string; count: number }[];
}

/** A person's saved places, as doors and tools reach them. Every change is recorded. */
export interface PlaceBook {
  list(userId: string): Promise<ListedPlace[]>;
  /** @throws AppError invalid_parameters */
  add(by: Caller, body: unknown): Promise<ListedPlace>;
  /** @throws AppError not_found, invalid_parameters */
  change(by: Caller, id: string, body: unknown): Promise<ListedPlace>;
  /** @throws AppError not_found */
  remove(by: Caller, id: string): Promise<void>;
  /** Takes a file over, whole or not at all. @throws AppError invalid_parameters, payload_too_large */
  importFile(by: Caller, body: unknown, tell?: Tell): Promise<PlaceImport>;
  /** The places of one user, and of nobody else. */
  of(userId: string): OwnPlaces;
}

export interface PlaceBookParts {
  places: SavedPlaceStore;
  audit: AuditStore;
  /** Reads a file of any kind that is understood. @throws AppError invalid_parameters, payload_too_large */
  readFile(name: string, bytes: Uint8Array): Promise<ReadPlaces>;
  now(): Date;
}

export function createPlaceBook({ places, audit, readFile, now }: PlaceBookParts): PlaceBook {
  const record = async (by: Caller, detail: string): Promise<void> => {
    await audit.append({ ...who(by), kind: "places", at: now(), code: "ok", detail });
  };
  return {
    list: async (userId) => (await places.list(userId)).map(listPlace),
    async add(by, body) {
      const checked = checkBody(PlaceBody, body) as Omit<NewPlace, "source">;
      requirePoint(checked);
      const place: SavedPlace = withLabel({
        ...checked,
        id: makeId("plc"),
        source: "manual" as const,
        importedAt: now(),
      });
      await places.change(by.userId, (before) => {
        requireRoom(before.length + 1);
        return { add: [place], update: unlabelled(before, place) };
      });
      await record(by, "added a place");
      return listPlace(place);
    },
    async change(by, id, body) {
      const patch = checkBody(PlacePatch, body);
      let changed: SavedPlace | undefined;
      await places.change(by.userId, (before) => {
        const known = before.find((place) => place.id === id);
        if (!known) throw notFound(id);
        changed = withLabel(patched(known, patch));
        requirePoint(changed);
        return { add: [], update: [...unlabelled(before, changed), changed] };
      });
      await record(by, `changed ${Object.keys(patch).join(", ")} of a place`);
      if (!changed) throw notFound(id);
      return listPlace(changed);
    },
    async remove(by, id) {
      if (!(await places.remove(by.userId, id))) throw notFound(id);
      await record(by, "removed a place");
    },
    async importFile(by, body, tell) {
      const { name, content } = checkBody(PlaceImportBody, body) as { name: string; content: string };
      const read = await readFile(name, bytesOf(content));
      const counts = { added: 0, updated: 0, unchanged: 0 };
      await places.change(
        by.userId,
        (before) => {
          const merged = mergePlaces(before, read.places.map(withLabel), now());
          requireRoom(before.length + merged.add.length);
          Object.assign(counts, {
            added: merged.add.length,
            updated: merged.update.length,
            unchanged: merged.unchanged,
          });
          return merged;
        },
        tell,
      );
      await record(by, `imported places: ${counts.added} added, ${counts.updated} updated`);
      return { ...counts, skipped: Object.entries(read.skipped).map(([reason, count]) => ({ reason, count })) };
    },
    of: (userId) => ({
      list: () => places.list(userId),
      locate: (id, latitude, longitude) => places.locate(userId, id, latitude, longitude),
    }),
  };
}

function checkBody(schema: Parameters<typeof checkParameters>[0], body: unknown): Record<string, unknown> {
  const checked = checkParameters(schema, body, {}, "field");
  if (!checked.ok) throw invalidParameters(checked.problems);
  return checked.value;
}

/** Labels are kept in small letters, so that "Home" and "home" are one. */
const withLabel = <Place extends { label?: string }>(place: Place): Place =>
  place.label === undefined ? place : { ...place, label: place.label.trim().toLowerCase() };

function patched(known: SavedPlace, patch: Record<string, unknown>): SavedPlace {
  // Another address is another point, unless the point is told too.
  const isMoved = "address" in patch && !("latitude" in patch);
  const merged = { ...known, ...(isMoved ? { latitude: null, longitude: null } : {}), ...patch };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null)) as unknown as SavedPlace;
}

/** A label goes to the place that gets it last. */
const unlabelled = (before: readonly SavedPlace[], to: SavedPlace): SavedPlace[] =>
  before
    .filter(({ id, label }) => to.label !== undefined && label === to.label && id !== to.id)
    .map(({ label: _taken, ...place }) => place);

function requirePoint({ latitude, longitude }: { latitude?: number; longitude?: number }): void {
  if ((latitude === undefined) === (longitude === undefined)) return;
  throw invalidParameters(["Fields latitude and longitude come together"]);
}

function requireRoom(count: number): void {
  if (count <= mostPlaces) return;
  throw new AppError("conflict", `That would be ${count} places, and a user keeps at most ${mostPlaces}`, {
    hint: "Import fewer lists, or remove places: mcqueen places list",
  });
}

/** @throws AppError invalid_parameters for what is not base64 */
function bytesOf(content: string): Uint8Array {
  if (content.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(content))
    throw invalidParameters(["Field content must be the file in base64"]);
  return Buffer.from(content, "base64");
}

const notFound = (id: string): AppError =>
  new AppError("not_found", `There is no saved place ${id}`, { hint: "Run: mcqueen places list" });

/** The place that a person means by a label, an id or a name; several when the name is not enough. */
export function findSaved<Place extends { id: string; name: string; label?: string | undefined }>(
  places: readonly Place[],
  text: string,
): Place[] {
  const wanted = plainName(text);
  const labelled = places.filter(
    ({ id, label }) => id === text || (label !== undefined && plainName(label) === wanted),
  );
  if (labelled.length > 0) return labelled;
  return wanted === "" ? [] : places.filter(({ name }) => plainName(name) === wanted);
}
