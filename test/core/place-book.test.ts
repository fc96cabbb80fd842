import { describe, expect, test } from "bun:test";
import type { Caller } from "../../src/core/call.ts";
import { AppError } from "../../src/core/errors.ts";
import { exportPlaces } from "../../src/core/saved-place.ts";
import { bootApp, callOf, owner } from "../support/home.ts";
import { failureOf } from "../support/upstream.ts";

const member = (userId: string): Caller => ({ ...owner, userId, role: "member" });
const ada = member("ada");
const file = (text: string, name = "list.csv") => ({ name, content: Buffer.from(text).toString("base64") });
const csv =
  "Title,Note,URL\nQuay,nice,https://www.google.com/maps/place/Quay/data=!1s0x1:0x2\nA film,,https://www.google.com\n";

async function boot() {
  const app = await bootApp({ sandbox: true });
  await app.people.addUser(owner, { id: "ada" });
  return app;
}

describe("the book of saved places", () => {
  test("adds, changes and removes; null takes a part away", async () => {
    await using app = await boot();
    const { places } = app;
    const made = await places.add(ada, { name: "Quay", address: "1 Water Street", label: " Boat " });
    expect(made).toMatchObject({ name: "Quay", label: "boat", source: "manual" });
    await places.of("ada").locate(made.id, 51.5, -0.1);
    expect(await places.change(ada, made.id, { note: "n", label: null })).toMatchObject({ note: "n", latitude: 51.5 });
    const moved = await places.change(ada, made.id, { address: "2 Water Street" });
    expect(moved.latitude).toBeUndefined();
    expect(moved).not.toHaveProperty("label");
    expect(await places.list("ada")).toEqual([moved]);
    await places.remove(ada, made.id);
    expect(await places.list("ada")).toEqual([]);
  });

  test("what was found does not replace what was told", async () => {
    await using app = await boot();
    const { id } = await app.places.add(ada, { name: "Quay", latitude: 1, longitude: 2 });
    await app.places.of("ada").locate(id, 3, 4);
    expect(await app.places.list("ada")).toMatchObject([{ latitude: 1, longitude: 2 }]);
  });

  test("a label goes to the place that gets it last", async () => {
    await using app = await boot();
    const first = await app.places.add(ada, { name: "Flat", label: "home" });
    const second = await app.places.add(ada, { name: "House", label: "Home" });
    await app.places.add(owner, { name: "Palace", label: "home" });
    const labels = async () => (await app.places.list("ada")).map(({ name, label }) => [name, label]);
    expect(await labels()).toEqual([
      ["Flat", undefined],
      ["House", "home"],
    ]);
    await app.places.change(ada, first.id, { label: "home" });
    expect(await labels()).toEqual([
      ["Flat", "home"],
      ["House", undefined],
    ]);
    expect(second.label).toBe("home");
  });

  type Row = [body: unknown, problem: RegExp];
  const bad: Row[] = [
    [{}, /Missing required field: name/],
    [{ name: "" }, /Field name must not be empty/],
    [{ name: "x", latitude: 91, longitude: 0 }, /Field latitude must be at most 90/],
    [{ name: "x", latitude: 1 }, /latitude and longitude come together/],
    [{ name: "x", label: "   " }, /Field label must not be blank/],
    [{ name: "x", label: "a\u001b[31m" }, /Field label must be a valid label/],
    [{ name: "x", url: "javascript:alert(1)" }, /Field url must be a valid http url/],
    [{ name: "x", user_id: "olaf" }, /Unknown field: user_id/],
    [{ name: "x", id: "plc_1", source: "y" }, /Unknown field: id/],
    ["x", /must be a JSON object/],
  ];
  test.each(bad)("%j is refused, and nothing is kept", async (body, problem) => {
    await using app = await boot();
    expect(await failureOf(app.places.add(ada, body))).toMatchObject({
      code: "invalid_parameters",
      message: expect.stringMatching(problem),
    });
    expect(await app.places.list("ada")).toEqual([]);
  });

  test("imports a file once, counts what it did, and records it", async () => {
    await using app = await boot();
    const skipped = [{ reason: "its link leads to no place on the map", count: 1 }];
    expect(await app.places.importFile(ada, file(csv))).toEqual({ added: 1, updated: 0, unchanged: 0, skipped });
    expect(await app.places.importFile(ada, file(csv))).toEqual({ added: 0, updated: 0, unchanged: 1, skipped });
    const later = JSON.stringify({
      version: 1,
      saved_places: [
        { name: "Quay", latitude: 1, longitude: 2 },
        { name: "Pier", label: "HOME" },
      ],
    });
    expect(await app.places.importFile(ada, file(later, "places.json"))).toEqual({
      added: 1,
      updated: 1,
      unchanged: 0,
      skipped: [],
    });
    expect(await app.places.list("ada")).toMatchObject([
      { name: "Pier", label: "home" },
      { name: "Quay", latitude: 1, note: "nice" },
    ]);
    const rows = await app.audit.page({ userId: "ada", kind: "places" }, undefined, 10);
    expect(rows.map(({ detail }) => detail)).toEqual([
      "imported places: 1 added, 1 updated",
      "imported places: 0 added, 0 updated",
      "imported places: 1 added, 0 updated",
    ]);
    expect(JSON.stringify(rows)).not.toContain("Quay");
  });

  test("an export goes back in as it was", async () => {
    await using app = await boot();
    await app.places.importFile(ada, file(csv));
    await app.places.add(ada, { name: "Pier", label: "home", latitude: 1, longitude: 2, note: "n", address: "a" });
    const exported = exportPlaces(await app.places.list("ada"));
    await app.places.importFile(owner, file(JSON.stringify(exported), "places.json"));
    expect(exportPlaces(await app.places.list("owner"))).toEqual(exported);
  });

  test.each(["not base64!", "abc", ""])("content %j is refused", async (content) => {
    await using app = await boot();
    expect(await failureOf(app.places.importFile(ada, { name: "x", content }))).toMatchObject({
      code: "invalid_parameters",
    });
  });

  test("a broken file changes nothing", async () => {
    await using app = await boot();
    expect(
      await failureOf(app.places.importFile(ada, file('{"type": "FeatureCollection", "features": [', "x.json"))),
    ).toBeInstanceOf(AppError);
    expect(await app.places.list("ada")).toEqual([]);
    expect(await app.audit.page({ userId: "ada", kind: "places" }, undefined, 10)).toEqual([]);
  });

  test("more than a user may keep is refused whole", async () => {
    await using app = await boot();
    const many = (from: number, count: number) =>
      JSON.stringify({
        version: 1,
        saved_places: Array.from({ length: count }, (_, at) => ({ name: `P${from + at}` })),
      });
    await app.places.importFile(ada, file(many(0, 20_000), "a.json"));
    expect(await failureOf(app.places.importFile(ada, file(many(19_999, 2), "b.json")))).toMatchObject({
      code: "conflict",
    });
    expect(await failureOf(app.places.add(ada, { name: "one more" }))).toMatchObject({ code: "conflict" });
    expect(await app.places.list("ada")).toHaveLength(20_000);
  });
});

describe("whose places they are", () => {
  test("nobody reaches another's, by no id", async () => {
    await using app = await boot();
    const { id } = await app.places.add(owner, { name: "Palace", label: "home", latitude: 52.5, longitude: 13.4 });
    expect(await failureOf(app.places.change(ada, id, { name: "Mine" }))).toMatchObject({ code: "not_found" });
    expect(await failureOf(app.places.remove(ada, id))).toMatchObject({ code: "not_found" });
    await app.places.of("ada").locate(id, 0, 0);
    expect(await app.places.list("owner")).toMatchObject([{ name: "Palace", latitude: 52.5 }]);
  });

  test("a call sees its caller's alone, whatever its parameters name", async () => {
    await using app = await boot();
    const { id } = await app.places.add(owner, { name: "Palace", label: "home", latitude: 52.5, longitude: 13.4 });
    const run = (action: string, parameters: object, caller = ada) =>
      app.execute(callOf("maps_hybrid", { action, ...parameters }, { caller }));
    expect(await run("get_saved_places", {})).toMatchObject({ ok: true, data: { saved_places: [], total: 0 } });
    expect(await run("get_saved_places", {}, owner)).toMatchObject({ data: { saved_places: [{ name: "Palace" }] } });
    const way = { destination: "Brandenburg Gate" };
    for (const origin of ["home", id, "Palace"]) {
      expect(await run("directions", { origin, ...way })).toMatchObject({ ok: false, code: "not_found" });
      expect(await run("directions", { origin, ...way }, owner)).toMatchObject({ ok: true });
    }
    for (const name of ["user_id", "user", "owner"]) {
      expect(await run("get_saved_places", { [name]: "owner" })).toMatchObject({
        ok: false,
        code: "invalid_parameters",
      });
    }
  });

  test("a found point is kept by the call", async () => {
    await using app = await boot();
    await app.places.add(ada, { name: "Grandma", address: "Kastanienallee 41, Berlin" });
    const call = callOf(
      "maps_hybrid",
      { action: "directions", origin: "grandma", destination: "Brandenburg Gate" },
      { caller: ada },
    );
    expect(await app.execute(call)).toMatchObject({
      ok: true,
      metadata: { provider: "OSRM", service: "maps", action: "directions" },
    });
    expect(await app.places.list("ada")).toMatchObject([{ latitude: 52.5391, longitude: 13.4093 }]);
  });

  test("they go with their user", async () => {
    await using app = await boot();
    await app.places.add(ada, { name: "Quay" });
    await app.people.removeUser(owner, "ada", "ada");
    await app.people.addUser(owner, { id: "ada" });
    expect(await app.places.list("ada")).toEqual([]);
  });
});

describe("maps_hybrid in a listing", () => {
  test("is there for everybody, wants an action, and marks what is personal", async () => {
    await using app = await boot();
    const [tool] = (await app.listTools("ada")).filter(({ id }) => id === "maps_hybrid");
    expect(tool).toMatchObject({
      access_level: "hybrid",
      requires_auth: false,
      status: "available",
      user_enabled: true,
    });
    const parameter = (name: string) => tool?.parameters.find((each) => each.name === name);
    expect(parameter("action")).toMatchObject({
      required: true,
      options: ["directions", "search_places", "get_saved_places"],
    });
    expect(parameter("saved_places")).toMatchObject({ requires_auth: true });
    expect(parameter("origin")).toMatchObject({ required: false, requires_auth: false });
    expect(await app.execute(callOf("maps_hybrid", {}, { caller: ada }))).toMatchObject({
      ok: false,
      code: "invalid_parameters",
    });
  });
});
