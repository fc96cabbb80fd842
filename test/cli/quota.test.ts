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
  expect([all.length, byExit(0).length, byExit(7).length, home.titles().length]).toEqual([72, 60, 12, 60]);
  for (const { json } of byExit(7)) {
    expect(json).toMatchObject({ error_code: "rate_limited", metadata: { quota: { limit: 60, remaining: 0 } } });
    expect(json.metadata.retry_after).toBeWithin(1, 3_601);
    expect(Date.parse(json.metadata.quota.reset_at)).toBeGreaterThan(Date.now());
  }
  const told = await home.at(["run", "notes"]);
  expect([told.exit, told.err]).toEqual([
    7,
    expect.stringMatching(/quota of notes, 60 calls an hour.*\n +Try again in \d+ min/),
  ]);
  expect((await home.at(["show", "notes", "--json"])).json.tool.quota).toMatchObject({ limit: 60, remaining: 0 });
  expect((await home.at(["history", "verify"])).exit).toBe(0);
}, 60_000);
