import { Database } from "bun:sqlite";
import { afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { binary } from "../support/binary.ts";
import { add, createNotesHome } from "../support/sandbox-notes.ts";

setDefaultTimeout(20_000);
let home: ReturnType<typeof createNotesHome>;
beforeAll(async () => void (await binary()));
beforeEach(async () => {
  home = createNotesHome();
  await home.at(add("Milk", "--yes", "--text", "canary text"));
  await home.at(["run", "notes"]);
  await home.at(["run", "notes", "remove", "--note-id", "note_000000000000", "--yes"]);
  await home.at(["config", "get_weather", "set", "units=imperial"]);
});
afterEach(() => home[Symbol.dispose]());

interface Line {
  seq: number;
  kind: string;
  code: string;
  tool: string | null;
}

const linesOf = async (...words: string[]): Promise<Line[]> =>
  (await home.at(["history", "--json", ...words])).json.entries;

const change = (sql: string): void => {
  using database = new Database(home.database);
  if (database.run(sql).changes !== 1) throw new Error(`changed nothing: ${sql}`);
};

describe("history", () => {
  test("tells what was done, newest first: the intent of a write before its outcome, and no marked parameter", async () => {
    const { exit, out } = await home.at(["history"]);
    expect(exit).toBe(0);
    const [newest = ""] = out.split("\n");
    expect(newest).toMatch(/config +get_weather +ok +cli\/local +changed custom_settings/);
    expect(out).toMatch(/run +notes add +ok .*"title":"Milk"/);
    expect(out).toMatch(/intent +notes add +begun /);
    expect(out).toMatch(/run +notes remove +not_found .*There is no such note/);
    expect(out).toContain('"text":"[11 characters]"');
    expect(out).not.toContain("canary");
    const lines = await linesOf();
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, at) => lines.length - at));
    const done = (await home.at(["history", "--json", "--kind", "run", "--code", "ok"])).json.entries.at(-1);
    expect(lines.find(({ seq }) => seq === done.intent)).toMatchObject({ kind: "intent", code: "pending" });
  });

  test("filters by tool, kind, code and time", async () => {
    const all = await linesOf();
    const only = (fits: (line: Line) => boolean) => all.filter(fits);
    expect(await linesOf("--tool", "get_weather")).toEqual(only(({ tool }) => tool === "get_weather"));
    expect(await linesOf("--kind", "intent")).toEqual(only(({ kind }) => kind === "intent"));
    expect(await linesOf("--code", "not_found")).toEqual(only(({ code }) => code === "not_found"));
    expect(await linesOf("--tool", "notes", "--kind", "run", "--code", "ok")).toEqual(
      only(({ kind, code }) => kind === "run" && code === "ok"),
    );
    expect(await linesOf("--since", "2100-01-01T00:00:00Z")).toEqual([]);
    expect(await linesOf("--until", "2000-01-01T00:00:00Z")).toEqual([]);
    expect(await linesOf("--since", "2000-01-01T00:00:00Z", "--until", "2100-01-01T00:00:00Z")).toEqual(all);
    expect((await home.at(["history", "--tool", "nothing"])).out).toBe("Nothing is recorded.\n");
  });

  test("comes in pages that hold every line once, also while new lines come", async () => {
    const all = (await linesOf()).map(({ seq }) => seq);
    const paged: number[] = [];
    let cursor: string | null = null;
    for (let pages = 0; pages < all.length + 1; pages++) {
      const found = await home.at(["history", "--json", "--limit", "2", ...(cursor ? ["--cursor", cursor] : [])]);
      paged.push(...found.json.entries.map(({ seq }: Line) => seq));
      await home.at(["run", "notes"]);
      if (found.json.next_cursor === null) break;
      cursor = String(found.json.next_cursor);
    }
    expect(paged).toEqual(all);
    const human = await home.at(["history", "--limit", "1"]);
    expect(human.err).toMatch(/There is more: --cursor \d+/);
  });

  test.each([
    [["--limit", "0"], "Field limit must be a whole number from 1 to 500"],
    [["--limit", "501"], "Field limit"],
    [["--cursor", "-1"], "Field cursor"],
    [["--kind", "nope"], "Field kind must be one of: intent, run"],
    [["--since", "yesterday"], "Field since must be a time"],
    [["--until", "x", "--kind", "y"], "Field until must be a time like 2026-01-31T00:00:00Z; Field kind"],
    [["nonsense"], "Unknown operation nonsense"],
  ])("refuses %p", async (words, said) => {
    const ran = await home.at(["history", ...words]);
    expect(ran.exit).toBe(2);
    for (const part of said.split("; ")) expect(ran.err).toContain(part);
  });

  test("tells of approvals asked for, denied, and of what was refused", async () => {
    const { json } = await home.at(add("Bread", "--yes", "--json"), { POLICY: "cli.write=approve" });
    await home.at(["approvals", "deny", json.metadata.approval_id]);
    await home.at(add("Wine", "--yes"), { READ_ONLY: "1" });
    const [refused, denied, asked] = (await home.at(["history", "--json"])).json.entries;
    expect(refused).toMatchObject({ kind: "run", code: "forbidden" });
    expect(denied).toMatchObject({ kind: "approval", detail: "denied", approval_id: json.metadata.approval_id });
    expect(asked).toMatchObject({ kind: "run", code: "approval_required", parameters: { title: "Bread" } });
  });
});

describe("history verify", () => {
  test("holds, and gives the head of the chain", async () => {
    const { exit, json } = await home.at(["history", "verify", "--json"]);
    expect([exit, json.data.rows]).toEqual([0, (await linesOf()).length]);
    expect((await home.at(["history", "verify"])).out).toContain(`Head: ${json.data.head}`);
  });

  test.each([
    ["a changed outcome", "UPDATE audit SET code = 'ok' WHERE seq = 5", 5, "its content was changed"],
    [
      "a changed payload",
      "UPDATE audit SET payload = replace(payload, 'Milk', 'Wine') WHERE seq = 1",
      1,
      "its content was changed",
    ],
    ["a moved time", "UPDATE audit SET at = '2020-01-01T00:00:00.000Z' WHERE seq = 2", 2, "its content was changed"],
    ["another user", "UPDATE audit SET user_id = 'eve' WHERE seq = 3", 3, "its content was changed"],
    ["a missing line", "DELETE FROM audit WHERE seq = 2", 3, "the rows from 2 to 2 are missing"],
    ["a missing beginning", "DELETE FROM audit WHERE seq = 1", 2, "the rows from 1 to 1 are missing"],
    ["a moved line", "UPDATE audit SET seq = 99 WHERE seq = 6", 7, "the rows from 6 to 6 are missing"],
    ["a rewritten digest", "UPDATE audit SET payload_digest = digest WHERE seq = 4", 4, "it does not follow"],
  ])("finds %s", async (_name, sql, line, reason) => {
    change(sql);
    const { exit, out } = await home.at(["history", "verify"]);
    expect([exit, out]).toEqual([1, expect.stringMatching(new RegExp(`✗ Line ${line}: ${reason}`))]);
    expect((await home.at(["history", "verify", "--json"])).json).toMatchObject({
      success: false,
      data: { ok: false, broken: { seq: line } },
    });
  });
});

describe("stats", () => {
  test("counts calls, failures by code, and what is left of the quota", async () => {
    const { exit, out } = await home.at(["stats"]);
    expect([exit, out]).toEqual([0, expect.stringMatching(/notes +\d+ .*1 not_found +\d+ ms +\d+ ms +57 of 60 /)]);
    const { usage, quotas } = (await home.at(["stats", "--json"])).json;
    expect(usage).toMatchObject([
      { tool: "notes", failures: { not_found: 1 }, latency_ms: { p50: expect.any(Number), p95: expect.any(Number) } },
    ]);
    const ofNotes = quotas.filter(({ tool }: { tool: string }) => tool === "notes");
    expect(ofNotes).toMatchObject([{ limit: 60, remaining: 57 }]);
    expect((await home.at(["stats", "--since", "2100-01-01"])).out).toContain("Nothing was run yet");
    expect((await home.at(["stats", "--since", "soon"])).exit).toBe(2);
  });
});
