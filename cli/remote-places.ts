import type { PlaceImport } from "../src/core/place-book.ts";
import type { ListedPlace } from "../src/core/saved-place.ts";
import type { PlaceBackend } from "./backend.ts";
import type { Field, Whole } from "./remote-people.ts";

/** Saved places at a daemon elsewhere. */
export function createRemotePlaces(field: Field, whole: Whole): PlaceBackend {
  const place = (id: string): string => `places/${encodeURIComponent(id)}`;
  return {
    list: () => field<ListedPlace[]>("places", "GET", "places"),
    add: (body) => field<ListedPlace>("data", "POST", "places", body),
    change: (id, body) => field<ListedPlace>("data", "PATCH", place(id), body),
    remove: async (id) => void (await whole("DELETE", place(id))),
    importFile: (body) => field<PlaceImport>("data", "POST", "places/import", body),
  };
}
