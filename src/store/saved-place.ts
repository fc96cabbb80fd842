import type { PlaceSource, SavedPlace, SavedPlaceStore } from "../core/saved-place.ts";
import type { Connection } from "./database.ts";

interface Row {
  id: string;
  name: string;
  label: string | null;
  address: string | null;
  latitude: number | null;
  longitude: number | null;
  url: string | null;
  note: string | null;
  source: string;
  imported_at: string;
}

const columns = "id, name, label, address, latitude, longitude, url, note, source, imported_at";

export function createSavedPlaceStore(db: Connection): SavedPlaceStore {
  const read = (userId: string): SavedPlace[] =>
    db.all<Row>(`SELECT ${columns} FROM saved_places WHERE user_id = ? ORDER BY lower(name), id`, userId).map(toPlace);
  return {
    list: async (userId) => read(userId),
    change: async (userId, change, tell) =>
      db.transaction(() => {
        const { add, update } = change(read(userId));
        const total = add.length + update.length;
        let done = 0;
        // What loses a label comes first, or two rows would hold it for a moment.
        for (const place of [...update].sort((a, b) => Number(a.label !== undefined) - Number(b.label !== undefined))) {
          db.run(
            `UPDATE saved_places SET name = ?, label = ?, address = ?, latitude = ?, longitude = ?, url = ?, note = ?
             WHERE user_id = ? AND id = ?`,
            ...valuesOf(place),
            userId,
            place.id,
          );
          tell?.(++done, total);
        }
        for (const place of add) {
          db.run(
            `INSERT INTO saved_places (user_id, id, source, imported_at, name, label, address, latitude, longitude, url, note)
             VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
            userId,
            place.id,
            place.source,
            place.importedAt.toISOString(),
            ...valuesOf(place),
          );
          tell?.(++done, total);
        }
      }),
    remove: async (userId, id) => db.run("DELETE FROM saved_places WHERE user_id = ? AND id = ?", userId, id) > 0,
    async locate(userId, id, latitude, longitude) {
      db.run(
        "UPDATE saved_places SET latitude = ?, longitude = ? WHERE user_id = ? AND id = ? AND latitude IS NULL",
        latitude,
        longitude,
        userId,
        id,
      );
    },
  };
}

const valuesOf = ({ name, label, address, latitude, longitude, url, note }: SavedPlace) => [
  name,
  ...[label, address, latitude, longitude, url, note].map((value) => value ?? null),
];

function toPlace({ imported_at, source, id, name, ...row }: Row): SavedPlace {
  const known = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null));
  return { id, name, ...known, source: source as PlaceSource, importedAt: new Date(imported_at) };
}
