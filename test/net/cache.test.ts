import { describe, expect, test } from "bun:test";
import { createMapCache, createTestClient } from "../support/context.ts";
import { createServe, ok } from "../support/upstream.ts";

const serve = createServe();

describe("the cache", () => {
  const now = () => new Date("2026-03-10T12:00:00Z");

  test("answers the same question once, under a key that shows nothing", async () => {
    const cache = createMapCache();
    const http = createTestClient({ cache, now });
    const { ask, seen } = serve(ok);
    const question = ask({ query: { appid: "very-secret-key" }, cache: 60 });
    expect((await http.json(question)).cached).toBe(false);
    expect(await http.json(question)).toMatchObject({ status: 200, json: { fine: true }, cached: true });
    expect(seen).toHaveLength(1);
    const [[name, { text, expiresAt }] = ["", { text: "", expiresAt: now() }]] = cache.kept;
    expect(name + text).not.toContain("very-secret-key");
    expect(name).toMatch(/^[0-9a-f]{64}$/);
    expect(expiresAt.toISOString()).toBe("2026-03-10T12:01:00.000Z");
  });

  test("another query is another question", async () => {
    const http = createTestClient({ cache: createMapCache(), now });
    const { ask, seen } = serve(ok);
    await http.json(ask({ query: { q: "a" }, cache: 60 }));
    await http.json(ask({ query: { q: "b" }, cache: 60 }));
    expect(seen).toHaveLength(2);
  });

  test("another form, and another audience, is another question; whose it is cannot be read from the key", async () => {
    const cache = createMapCache();
    const http = createTestClient({ cache, now });
    const { ask, seen } = serve(ok);
    const asked = [{ form: { q: "a" } }, { form: { q: "b" } }, { audience: "mia" }, { audience: "olaf" }, {}];
    for (const each of asked) await http.json(ask({ method: "POST", cache: 60, ...each }));
    expect(seen).toHaveLength(5);
    for (const each of asked) {
      expect((await http.json(ask({ method: "POST", cache: 60, ...each }))).cached).toBe(true);
    }
    expect([...cache.kept.keys()].join()).not.toContain("mia");
  });

  test("asks again after the lifetime", async () => {
    let time = now();
    const http = createTestClient({ cache: createMapCache(), now: () => time });
    const { ask, seen } = serve(ok);
    await http.json(ask({ cache: 60 }));
    time = new Date(time.getTime() + 61_000);
    expect((await http.json(ask({ cache: 60 }))).cached).toBe(false);
    expect(seen).toHaveLength(2);
  });

  const lifetimes: [header: Record<string, string>, kept: number][] = [
    [{ expires: "Tue, 10 Mar 2026 12:30:00 GMT" }, 1],
    [{ expires: "Tue, 10 Mar 2026 11:30:00 GMT" }, 0],
    [{ expires: "0" }, 0],
    [{}, 0],
  ];
  test.each(lifetimes)("follows the answer's own %j", async (headers, kept) => {
    const cache = createMapCache();
    const { ask } = serve(() => Response.json({}, { headers }));
    await createTestClient({ cache, now }).json(ask({ cache: "expires" }));
    expect(cache.kept.size).toBe(kept);
  });

  test("keeps no refusal, no unwanted answer, and nothing that nobody asked to keep", async () => {
    const cache = createMapCache();
    const http = createTestClient({ cache, now });
    const refused = serve(() => Response.json({}, { status: 400 }));
    await http.json(refused.ask({ cache: 60, accept: () => true }));
    const { ask } = serve(ok);
    await http.json(ask({ cache: 60, keep: () => false }));
    await http.json(ask());
    expect(cache.kept.size).toBe(0);
  });
});
