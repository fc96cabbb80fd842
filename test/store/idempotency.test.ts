import { afterEach, expect, test } from "bun:test";
import { idempotencyLifeMs } from "../../src/core/idempotency.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { createIdempotencyStore } from "../../src/store/idempotency.ts";
import { ensureOwner } from "../../src/store/user.ts";
import { createHome } from "../support/home.ts";

const cleanUp: (() => void)[] = [];
afterEach(() => {
  for (const each of cleanUp.splice(0).reverse()) each();
});

function open() {
  const home = createHome();
  const database: Database = openDatabase(`${home.path}/data/mcqueen.db`);
  cleanUp.push(
    () => home[Symbol.dispose](),
    () => database.close(),
  );
  ensureOwner(database.durable, "owner", new Date(0));
  return { database, store: createIdempotencyStore(database.durable) };
}

const start = new Date("2026-11-25T12:00:00Z");
const hours = (count: number): Date => new Date(start.getTime() + count * 60 * 60_000);
const outcome: Outcome = { ok: true, data: { sent: "private words" }, metadata: {} };
const take = (store: ReturnType<typeof open>["store"], now: Date, digest = "d") =>
  store.take("owner", "key", digest, new Date(now.getTime() + idempotencyLifeMs), now);

test("a clock that ran ahead, and swept, does not free a key whose call ran", async () => {
  const { store } = open();
  await take(store, start);
  await store.finish("owner", "key", outcome);
  expect(await take(store, hours(1))).toEqual({ digest: "d", outcome });
  await store.sweep(hours(24 * 20));
  expect(await take(store, hours(2))).toEqual({ digest: "d", outcome: undefined });
});

test("what came of it is forgotten with the key's life, that it ran a month later", async () => {
  const { store, database } = open();
  await take(store, start);
  await store.finish("owner", "key", outcome);
  const kept = (): number => database.durable.all("SELECT key FROM idempotency").length;
  await store.sweep(hours(25));
  expect(kept()).toBe(1);
  expect(JSON.stringify(database.durable.all("SELECT * FROM idempotency"))).not.toContain("private words");
  await store.sweep(hours(24 * 32));
  expect(kept()).toBe(0);
});

test("a key whose life is over is free for another call", async () => {
  const { store } = open();
  await take(store, start);
  await store.finish("owner", "key", outcome);
  expect(await take(store, hours(25), "another")).toBeUndefined();
  expect(await take(store, hours(26), "another")).toEqual({ digest: "another", outcome: undefined });
});
