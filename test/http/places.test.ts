import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { logIn } from "../support/people.ts";
import { bootServer } from "../support/server.ts";

const api = "/api/v1/places";
let server: Awaited<ReturnType<typeof bootServer>>;
let mia: string;
let olaf: string;
beforeAll(async () => {
  server = await bootServer();
  mia = await logIn(server, "mia");
  olaf = await logIn(server, "olaf");
});
afterAll(() => server[Symbol.asyncDispose]());

const send = (auth: string, method: string, path: string, body?: unknown) =>
  server.send({ method, path: `${api}${path}`, auth, ...(body === undefined ? {} : { body }) });

describe("places over REST", () => {
  test("a place's whole life", async () => {
    const made = await send(mia, "POST", "", { name: "Quay", label: "work", latitude: 1, longitude: 2 });
    expect([made.status, made.json]).toMatchObject([
      200,
      { success: true, data: { name: "Quay", label: "work", source: "manual" } },
    ]);
    const { id } = made.json.data;
    expect((await send(mia, "PATCH", `/${id}`, { note: "n" })).json).toMatchObject({
      success: true,
      data: { id, note: "n" },
    });
    expect((await send(mia, "GET", "")).json).toMatchObject({
      success: true,
      places: [{ id, name: "Quay" }],
      total: 1,
    });
    expect((await send(mia, "PATCH", `/${id}`, {})).status).toBe(400);
    expect((await send(mia, "DELETE", `/${id}`)).json).toMatchObject({ success: true, data: { removed: id } });
    expect((await send(mia, "DELETE", `/${id}`)).status).toBe(404);
  });

  test("another user's places are not there", async () => {
    const { id } = (await send(mia, "POST", "", { name: "Secret cabin" })).json.data;
    expect((await send(olaf, "GET", "")).json).toMatchObject({ places: [], total: 0 });
    expect((await send(olaf, "PATCH", `/${id}`, { name: "Mine" })).status).toBe(404);
    expect((await send(olaf, "DELETE", `/${id}`)).status).toBe(404);
    expect((await send(mia, "GET", "")).text).toContain("Secret cabin");
  });

  test("an import: whole, or a sentence", async () => {
    const content = btoa("Title,Note,URL\nPier,,https://maps.google.com/?cid=9\n");
    const done = await send(olaf, "POST", "/import", { name: "Food.csv", type: "text/csv", content });
    expect(done.json).toMatchObject({ success: true, data: { added: 1, updated: 0, unchanged: 0, skipped: [] } });
    const refused = await send(olaf, "POST", "/import", { name: "Food.csv", content: btoa("hello") });
    expect([refused.status, refused.json.error]).toEqual([
      400,
      "Food.csv holds no places in a form that is understood",
    ]);
  });
});
