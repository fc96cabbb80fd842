import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { strToU8, zipSync } from "fflate";
import { AppError } from "../../src/core/errors.ts";
import { readPlaces } from "../../src/takeout/read-file.ts";
import { failureOf } from "../support/upstream.ts";

const read = (text: string, name = "x") => readPlaces(name, strToU8(text));
const feature = (properties: object, coordinates: unknown = [0, 0]) => ({
  type: "Feature",
  geometry: { type: "Point", coordinates },
  properties,
});
const collection = (...features: unknown[]): string => JSON.stringify({ type: "FeatureCollection", features });

describe("Google Takeout's Saved Places.json", () => {
  type Row = [name: string, feature: unknown, place: object];
  const rows: Row[] = [
    [
      "new keys",
      feature(
        {
          date: "2025-01-02T03:04:05Z",
          google_maps_url: "http://maps.google.com/?cid=42",
          location: { name: "Quay", address: "1 Water Street, Town", country_code: "GB" },
        },
        [-0.5, 51.5],
      ),
      {
        name: "Quay",
        address: "1 Water Street, Town",
        latitude: 51.5,
        longitude: -0.5,
        url: "http://maps.google.com/?cid=42",
      },
    ],
    [
      "old keys",
      feature(
        {
          "Google Maps URL": "http://maps.google.com/?cid=42",
          Location: { Address: "1 Water Street, Town", "Business Name": "Quay Ltd" },
          Title: "Quay",
          Published: "2018-01-02T03:04:05Z",
        },
        [-0.5, 51.5],
      ),
      { name: "Quay Ltd", address: "1 Water Street, Town", latitude: 51.5, longitude: -0.5 },
    ],
    ["a title alone", feature({ Title: "Quay" }), { name: "Quay" }],
    [
      "0,0 means unknown",
      feature({ Title: "Quay", google_maps_url: "http://maps.google.com/?q=Quay" }),
      { name: "Quay" },
    ],
    [
      "a pin in the link",
      feature({ google_maps_url: "http://maps.google.com/?q=22.5,-113.25" }),
      { name: "Dropped pin", latitude: 22.5, longitude: -113.25 },
    ],
    [
      "a name in the link",
      feature({ google_maps_url: "http://maps.google.com/?q=%E4%B8%89%E4%BB%99%E5%8F%B0&ftid=0x1:0x2" }),
      { name: "三仙台" },
    ],
    [
      "an address alone",
      feature({ address: "1 Water Street, Town" }, [1, 2]),
      { name: "1 Water Street", address: "1 Water Street, Town" },
    ],
    ["a labelled place", feature({ name: "Home", address: "1 Water Street" }, [1, 2]), { name: "Home", label: "home" }],
    ["off the globe", feature({ Title: "Quay" }, [500, 500]), { name: "Quay" }],
  ];
  test.each(rows)("%s", async (_name, given, place) => {
    const { places, skipped } = await read(collection(given));
    expect(skipped).toEqual({});
    expect(places).toHaveLength(1);
    expect(places[0]).toMatchObject({ ...place, source: "google_takeout" });
    expect(places[0]?.latitude === undefined).toBe(places[0]?.longitude === undefined);
    if (!("latitude" in place) && !("address" in place) && !("label" in place))
      expect(places[0]).not.toHaveProperty("latitude");
  });

  test("what is no place is skipped, with the reason", async () => {
    const { places, skipped } = await read(
      collection(
        feature({}),
        feature({ five_star_rating_published: 5, location: { name: "X" } }),
        7,
        feature({ Title: "Quay" }),
      ),
    );
    expect(places.map(({ name }) => name)).toEqual(["Quay"]);
    expect(skipped).toEqual({ "it has no name": 1, "it is a review": 1, "it is no place": 1 });
  });

  test("texts are cut, and without control characters; a link that is none is left out", async () => {
    const { places } = await read(
      collection(feature({ Title: `a\u001b[31m\n${"b".repeat(400)}`, google_maps_url: "javascript:alert(1)" })),
    );
    expect(places[0]?.name).toStartWith("a [31m b");
    expect(places[0]?.name).toHaveLength(300);
    expect(places[0]).not.toHaveProperty("url");
  });
});

describe("Google Takeout's lists", () => {
  const url = "https://www.google.com/maps/place/Slow+Quay/data=!4m2!3m1!1s0x1:0x2";

  test.each([
    [`Title,Note,URL,Tags,Comment\n,,,,\nSlow Quay,nice,${url},,\n`, [{ name: "Slow Quay", note: "nice", url }]],
    [`Title,Note,URL,Comment\nSlow Quay,,${url},later\n`, [{ name: "Slow Quay", note: "later" }]],
    [`My list\n\nTitle,Note,URL,Tags,Comment\nSlow Quay,,${url},,\n`, [{ name: "Slow Quay" }]],
    [
      `\uFEFFTitle,Note,URL,Comment\r\n"Quay, the slow one","a\nb",${url},\r\n`,
      [{ name: "Quay, the slow one", note: "a b" }],
    ],
    [
      'Title,Note,URL\nDropped pin,,"https://www.google.com/maps/search/45.02,-119.67"\n',
      [{ name: "Dropped pin", latitude: 45.02, longitude: -119.67 }],
    ],
    [`Title,Note,URL\n,,${url}\n`, [{ name: "Slow Quay" }]],
    ["Title,Note,URL\n", []],
  ])("%j", async (text, places) => {
    const result = await read(text);
    expect(result.places).toHaveLength(places.length);
    expect(result.places).toMatchObject(places);
    expect(result.skipped).toEqual({});
  });

  test("saved films and links are no places", async () => {
    const { places, skipped } = await read(
      "Title,Note,URL\nA film,,https://www.google.com\nA page,,https://example.org/maps-of-x\n",
    );
    expect(places).toEqual([]);
    expect(skipped).toEqual({ "its link leads to no place on the map": 2 });
  });
});

describe("a zip", () => {
  const lists = {
    "Takeout/Saved/Food.csv": strToU8("Title,Note,URL\nQuay,,https://www.google.com/maps/place/Quay/data=!1s0x1:0x2\n"),
    "Takeout/Maps (your places)/Saved Places.json": strToU8(collection(feature({ Title: "Pier" }, [1, 2]))),
    "Takeout/archive_browser.html": strToU8("<html>"),
    "Takeout/Maps/settings.json": strToU8("{}"),
    "../../escape.csv": strToU8("Title,Note,URL\nEscape,,https://maps.google.com/?q=1,2\n"),
  };

  test("its lists are read; no path of it is written", async () => {
    const { places, skipped } = await readPlaces("takeout.zip", zipSync(lists));
    expect(places.map(({ name }) => name).sort()).toEqual(["Escape", "Pier", "Quay"]);
    expect(skipped).toEqual({ "a file in the zip holds no places": 1 });
    expect(await Bun.file("../../escape.csv").exists()).toBe(false);
  });

  test("that unpacks to more than 50 MB is refused before it is unpacked", async () => {
    const bomb = zipSync({ "a.json": new Uint8Array(30_000_000), "b.json": new Uint8Array(30_000_000) });
    expect(bomb.length).toBeLessThan(100_000);
    expect(await failureOf(readPlaces("bomb.zip", bomb))).toMatchObject({ code: "payload_too_large" });
  });

  test("that lies about its size unpacks to no more than it said", async () => {
    const bomb = Buffer.from(zipSync({ "a.json": new Uint8Array(8_000_000) }));
    const size = Buffer.alloc(4);
    size.writeUInt32LE(8_000_000);
    for (let at = bomb.indexOf(size); at >= 0; at = bomb.indexOf(size)) bomb.writeUInt32LE(100, at);
    expect(await failureOf(readPlaces("liar.zip", bomb))).toBeInstanceOf(AppError);
  });

  test("with two lists of one name gives both", async () => {
    const row = (name: string) => strToU8(`Title,Note,URL\n${name},,https://maps.google.com/?cid=9\n`);
    const zip = Buffer.from(zipSync({ "a.csv": row("Quay"), "b.csv": row("Pier") }));
    for (let at = zip.indexOf("b.csv"); at >= 0; at = zip.indexOf("b.csv")) zip.write("a.csv", at);
    expect((await readPlaces("twins.zip", zip)).places.map(({ name }) => name)).toEqual(["Quay", "Pier"]);
  });

  test("with too many lists, and one without any, is refused", async () => {
    const many = Object.fromEntries(Array.from({ length: 501 }, (_, at) => [`${at}.csv`, strToU8("Title,Note,URL\n")]));
    expect(await failureOf(readPlaces("many.zip", zipSync(many)))).toMatchObject({ code: "payload_too_large" });
    expect(await failureOf(readPlaces("none.zip", zipSync({ "a.txt": strToU8("x") })))).toMatchObject({
      code: "invalid_parameters",
    });
  });

  test("cut anywhere is refused, or read as it is", async () => {
    const whole = zipSync(lists);
    for (let at = 2; at < whole.length; at += 37) {
      const error = await readPlaces("cut.zip", whole.subarray(0, at)).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(AppError);
    }
  });
});

describe("our own export", () => {
  test("is read back", async () => {
    const saved_places = [{ name: "Quay", label: "work", latitude: 1, longitude: 2, note: "n" }];
    const { places } = await read(JSON.stringify({ version: 1, saved_places }));
    expect(places).toEqual([{ ...(saved_places[0] as { name: string }), source: "import" }]);
  });

  test.each([
    [{ version: 2, saved_places: [] }],
    [{ version: 1, saved_places: [{ name: "" }] }],
    [{ version: 1, saved_places: [{ name: "x", user_id: "olaf" }] }],
    [{ version: 1, saved_places: {} }],
  ])("%j is none", async (json) => {
    expect(await failureOf(read(JSON.stringify(json)))).toMatchObject({
      code: "invalid_parameters",
      message: expect.stringContaining("no export of mcqueen"),
    });
  });
});

describe("files that are no lists", () => {
  test.each([
    ["nothing", ""],
    ["prose", "hello"],
    ["another table", "a,b\n1,2\n"],
    ["another JSON", '{"a": 1}'],
    ["another collection", '{"type": "FeatureCollection"}'],
    ["broken JSON", '{"type": "FeatureCollection", "features": ['],
    ["deep JSON", `${"[".repeat(100_000)}`],
    ["many values", `[${"1,".repeat(1_000_001)}1]`],
    ["too many rows", `Title,Note,URL\n${"A,,\n".repeat(20_200)}`],
    ["too many places", collection(...Array.from({ length: 20_001 }, (_, at) => feature({ Title: `P${at}` })))],
  ])("%s", async (_name, text) => {
    expect(await failureOf(read(text, "some file"))).toMatchObject({
      code: "invalid_parameters",
      message: expect.stringMatching(/^some file /),
      hint: expect.stringContaining("Saved Places.json"),
    });
  });

  test("not UTF-8, and over 50 MB", async () => {
    expect(await failureOf(readPlaces("x", new Uint8Array([0x54, 0xff, 0xfe])))).toMatchObject({
      code: "invalid_parameters",
    });
    expect(await failureOf(readPlaces("x", new Uint8Array(50 * 1024 * 1024 + 1)))).toMatchObject({
      code: "payload_too_large",
    });
  });

  test("whatever comes is read or refused in our words", async () => {
    const properties = fc.dictionary(
      fc.constantFrom("Title", "location", "google_maps_url", "name", "address", "Location", "x"),
      fc.oneof(fc.string(), fc.anything(), fc.constant("http://maps.google.com/?q=%zz")),
    );
    const anyCollection = fc
      .array(
        fc.oneof(
          properties.map((each) => feature(each)),
          fc.anything(),
        ),
      )
      .map((all) => collection(...all));
    const table = fc
      .array(fc.array(fc.string(), { maxLength: 5 }))
      .map((rows) => ["Title,Note,URL", ...rows.map((row) => row.join(","))].join("\n"));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string(), anyCollection, table), async (text) => {
        const result = await read(text).catch((error: unknown) => {
          expect(error).toBeInstanceOf(AppError);
          return { places: [] };
        });
        for (const { name, latitude, longitude } of result.places) {
          expect(name.length).toBeWithin(1, 301);
          expect((latitude === undefined) === (longitude === undefined)).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  });
});
