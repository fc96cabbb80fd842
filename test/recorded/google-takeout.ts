import { readPlaces } from "../../src/takeout/read-file.ts";
import { must, type RecordedAdapter } from "./adapter.ts";

const file =
  (count: number, expected: object | undefined, skipped: Record<string, number> = {}) =>
  async (content: unknown): Promise<string> => {
    const text = typeof content === "string" ? content : JSON.stringify(content);
    const read = await readPlaces("file", Buffer.from(text));
    must(read.places.length === count, `understood ${read.places.length} places`);
    must(Bun.deepEquals(read.skipped, skipped), `skipped ${JSON.stringify(read.skipped)}`);
    if (expected)
      must(
        read.places.some((place) => Bun.deepMatch(expected, place)),
        `understood ${JSON.stringify(read.places)}`,
      );
    return `${count} places`;
  };

export const googleTakeout: RecordedAdapter = {
  name: "google-takeout",
  folders: ["google-takeout"],
  files: {
    "google-takeout/saved_default_list_not_maps.csv": file(0, undefined, {
      "its link leads to no place on the map": 4,
    }),
    "google-takeout/saved_list_dropped_pins_coordinates.csv": file(14, {
      name: "Lincoln Rock Campground",
      latitude: 47.53949,
      longitude: -120.28441,
    }),
    "google-takeout/saved_list_four_columns_multiline_note.csv": file(1, {
      name: "アートアクアリウム美術館 GINZA",
      note: "Art aquarium https://www.instagram.com/reel/CxfiYfZvRkj/?igshid=EXAMPLE",
    }),
    "google-takeout/saved_list_plain_small.csv": file(2, { name: "AJ Leather Factory" }),
    "google-takeout/saved_list_with_description_line.csv": file(7, {
      name: "Slow Sud",
      note: "really cute vibes, it even has a swing, solid pasta",
    }),
    "google-takeout/saved_places_new_2025_excerpt.json": async (json) => {
      const read = await readPlaces("file", Buffer.from(JSON.stringify(json)));
      const names = read.places.map(({ name }) => name);
      must(names.includes("Dropped pin") && names.includes("三仙台"), `understood ${names.join("; ")}`);
      return file(10, {
        name: "Broadway Cinematheque",
        address: "3 Public Square St, Yau Ma Tei, Hong Kong",
        latitude: 22.3106914,
      })(json);
    },
    "google-takeout/saved_places_old_2018_excerpt.json": file(8, {
      name: "LimeRed Teahouse",
      address: "1092 Commonwealth Avenue, Boston, MA 02215, United States",
      longitude: -71.1242253,
    }),
  },
  standIns: [],
};
