import type { OwnPlaces, SavedPlace } from "../../src/core/saved-place.ts";

/** A person's saved places in memory, with what was kept of them. */
export function createOwnPlaces(...given: Partial<SavedPlace>[]): OwnPlaces & { located: string[] } {
  const places = given.map(
    (place, at): SavedPlace => ({
      id: `plc_${at}`,
      name: `Place ${at}`,
      source: "manual",
      importedAt: new Date("2026-03-10T12:00:00Z"),
      ...place,
    }),
  );
  const located: string[] = [];
  return {
    located,
    list: async () => places,
    async locate(id, latitude, longitude) {
      const at = places.findIndex((place) => place.id === id);
      const place = places[at];
      if (place && place.latitude === undefined) places[at] = { ...place, latitude, longitude };
      located.push(id);
    },
  };
}
