import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { openDatabase } from "../../src/store/database.ts";
import { createLeaseStore } from "../../src/store/lease.ts";
import { press } from "../support/google.ts";
import { callOf } from "../support/home.ts";
import { ada, createLinked, expire, link, tokensIn } from "../support/linked.ts";
import { stops } from "../support/token-worker.ts";
import { openRaw } from "../support/vaults.ts";

setDefaultTimeout(60_000);
const worker = join(import.meta.dir, "../support/token-worker.ts");
let linked: Awaited<ReturnType<typeof createLinked>>;
beforeEach(async () => {
  linked = await createLinked();
});
afterEach(() => linked[Symbol.asyncDispose]());

const spawn = (...args: string[]) =>
  Bun.spawn([process.execPath, worker, ...args], {
    env: {
      ...linked.env,
      ...linked.behindGate.env,
      PATH: process.env.PATH ?? "",
      MCQUEEN_HOME: linked.home.path,
      VAULT_KEY: "file",
    },
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });

test("sixteen processes with an expired token ask once, and all get the same good one", async () => {
  const app = await linked.open();
  await expire(app, await link(app));
  const before = linked.asked();
  const children = Array.from({ length: 16 }, () => {
    const child = spawn("open");
    return { child, reader: child.stdout.getReader() };
  });
  const line = async ({ reader }: (typeof children)[number]): Promise<string> => {
    let text = "";
    while (!text.includes("\n")) {
      const { value, done } = await reader.read();
      if (done) break;
      text += new TextDecoder().decode(value);
    }
    return text;
  };
  for (const each of children) expect(JSON.parse(await line(each))).toEqual({ ready: true });
  for (const { child } of children) {
    child.stdin.write("go\n");
    child.stdin.flush();
  }
  const outcomes = await Promise.all(children.map(async (each) => JSON.parse(await line(each))));
  for (const outcome of outcomes) expect(outcome).toMatchObject({ ok: true, data: { email: ada } });
  expect(new Set(outcomes.map(({ data }) => data.digest)).size).toBe(1);
  expect(linked.asked() - before).toBe(1);
});

describe("killed while it renews, nobody has to log in again:", () => {
  test.each(["off", "on"])("at each step, rotation of refresh tokens %s", async (rotation) => {
    const app = await linked.open();
    const id = await link(app);
    if (rotation === "on") await press(linked.sandbox, ada, "rotation");
    for (const stop of stops) {
      await expire(app, id);
      const before = linked.asked();
      const asking = stop === "asking" ? linked.gate.hold("answer") : undefined;
      const child = spawn(stop, id);
      const { value } = await child.stdout.getReader().read();
      expect(JSON.parse(new TextDecoder().decode(value))).toEqual({ at: stop });
      await asking?.reached;
      child.kill("SIGKILL");
      await child.exited;
      asking?.open();
      expect(linked.asked() - before).toBe(stop === "leased" ? 0 : 1);
      const isStored = stop === "stored" || stop === "done";
      // Where nothing was stored, the lease has to run out first.
      const later = await linked.open({ now: () => new Date(Date.now() + 12_500) });
      expect(await later.execute(callOf("mailbox"))).toMatchObject({ ok: true, data: { email: ada } });
      expect(linked.asked() - before).toBe((stop === "leased" ? 0 : 1) + (isStored ? 0 : 1));
      expect(await later.accounts.list("owner")).toMatchObject([{ status: "ok" }]);
      // As if the next one came much later.
      using raw = openRaw(linked.home.path);
      raw.run("DELETE FROM leases");
    }
    expect((await tokensIn(app, id)).refreshToken).toBeString();
  });
});

describe("a lease", () => {
  const open = () => {
    const database = openDatabase(linked.home.settings().home.database);
    return { ...createLeaseStore(database.durable), [Symbol.dispose]: () => database.close() };
  };
  const at = (ms: number): Date => new Date(Date.parse("2026-03-10T12:00:00Z") + ms);
  const hour = 3_600_000;

  test.each([
    ["in its time", 11_999, false],
    ["when its time is over", 12_000, true],
    ["by one who looked at the clock a moment earlier", -1, false],
    ["by one who waited for the database meanwhile", -5_000, false],
    ["after the clock stepped back by nine hours", -9 * hour, true],
    ["after the clock stepped on by nine hours", 9 * hour, true],
  ])("asked for %s", async (_name, ms, isTaken) => {
    using leases = open();
    expect(await leases.take("x", "first", at(0), 12_000)).toBe(true);
    expect(await leases.take("x", "second", at(ms), 12_000)).toBe(isTaken);
    expect(await leases.take("y", "second", at(ms), 12_000)).toBe(true);
    await leases.release("x", "first");
    expect(await leases.take("x", "third", at(ms), 12_000)).toBe(!isTaken);
  });
});
