import { beforeAll, expect, test } from "bun:test";
import { binary, type Ran } from "../support/binary.ts";
import { add, createNotesHome } from "../support/sandbox-notes.ts";

beforeAll(async () => void (await binary()));

test("8 processes at once on one home make exactly as many calls as the quota of an hour allows", async () => {
  using home = createNotesHome();
  await home.at(["policy"]);
  const lane = async (name: number): Promise<Ran[]> => {
    const ran: Ran[] = [];
    for (let each = 0; each < 9; each++) ran.push(await home.at(add(`${name}.${each}`, "--yes", "--json")));
    return ran;
  };
  const all = (await Promise.all(Array.from({ length: 8 }, (_, name) => lane(name)))).flat();
  const byExit = (exit: number) => all.filter((ran) => ran.exit === exit);
  // A call that gave up on a locked database may have been counted, yet made nothing: the quota errs on that side.
  const busy = byExit(1);
  for (const { json } of busy) expect(json).toMatchObject({ error: "The database is busy" });
  const made = byExit(0).length;
  expect([all.length, home.titles().length]).toEqual([made + byExit(7).length + busy.length, made]);
  expect(made).toBeWithin(60 - busy.length, 61);
  for (const { json } of byExit(7)) {
    expect(json).toMatchObject({ error_code: "rate_limited", metadata: { quota: { limit: 60, remaining: 0 } } });
    expect(json.metadata.retry_after).toBeWithin(1, 3_601);
    expect(Date.parse(json.metadata.quota.reset_at)).toBeGreaterThan(Date.now());
  }
  for (let spare = 0; spare < busy.length; spare++) await home.at(["run", "notes"]);
  const told = await home.at(["run", "notes"]);
  expect([told.exit, told.err]).toEqual([
    7,
    expect.stringMatching(/quota of notes, 60 calls an hour.*\n +Try again in \d+ min/),
  ]);
  expect((await home.at(["show", "notes", "--json"])).json.tool.quota).toMatchObject({ limit: 60, remaining: 0 });
  expect((await home.at(["history", "verify"])).exit).toBe(0);
}, 60_000);
