import { Database } from "bun:sqlite";
import { afterEach, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { binary, type Ran, run } from "../support/binary.ts";
import { createHanging, type Hang } from "../support/hanging.ts";
import { callOf, createHome } from "../support/home.ts";

setDefaultTimeout(30_000);
const script = join(import.meta.dir, "../support/hanging.ts");
let home: ReturnType<typeof createHome>;
let acts: string;
let id: string;

beforeAll(async () => void (await binary()));
beforeEach(async () => {
  home = createHome();
  acts = join(home.path, "acts");
  const asking = await createHanging(home.path, acts, "never", () => undefined);
  const asked = await asking.execute(callOf("letters", { action: "send", to: "Ada" }));
  await asking.close();
  id = String(asked.metadata.approval_id);
  expect(asked).toMatchObject({ ok: false, code: "approval_required" });
});
afterEach(() => home[Symbol.dispose]());

const at = (...words: string[]): Promise<Ran> => run(words, { home: home.path });
const made = (): number => (existsSync(acts) ? readFileSync(acts, "utf8").trim().split("\n").length : 0);

const approver = (hang: Hang) =>
  Bun.spawn([process.execPath, script, home.path, acts, hang, id], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "inherit",
  });

/** Approves in a process that is killed where it hangs. */
async function approveAndKill(hang: Hang, at: string): Promise<void> {
  const child = approver(hang);
  const reader = child.stdout.getReader();
  const { value } = await reader.read();
  expect(new TextDecoder().decode(value)).toBe(`${at}\n`);
  child.kill("SIGKILL");
  await child.exited;
}

const again = async (): Promise<string> => (await approver("never").stdout.text()).trim();

/** Lets the lease run out, as if the kill was long ago. */
function age(): void {
  using database = new Database(join(home.path, "data", "mcqueen.db"));
  const longAgo = new Date(Date.now() - 12 * 60 * 1000).toISOString();
  expect(database.run("UPDATE approvals SET settled_at = ? WHERE id = ?", [longAgo, id]).changes).toBe(1);
}

test.each([
  ["before the act", "before", "admitted", 0],
  ["within the act", "within", "acting", 1],
] as const)("killed %s: told as being done, then as failed, and never run again", async (_name, hang, said, acted) => {
  await approveAndKill(hang, said);
  expect(made()).toBe(acted);

  const shown = (await at("approvals", "show", id, "--json")).json;
  expect(shown).toMatchObject({ approval: { status: "running" }, outcome: { success: false } });
  expect(await again()).toBe(`refused: The approval ${id} is being done already`);
  expect((await at("approvals", "deny", id)).err).toContain("is being done already");

  age();
  const late = await at("approvals", "show", id);
  expect(late.out).toContain("status: failed");
  expect(late.out).toContain("Outcome: The program ended while it did this; whether it happened is not known");
  expect(await again()).toBe(`refused: The approval ${id} was tried and failed`);
  expect(made()).toBe(acted);
  expect((await at("history", "verify")).exit).toBe(0);
  expect((await at("history", "--json", "--kind", "approval")).json.entries).toMatchObject([{ detail: "approved" }]);
  const begun = (await at("history", "--json", "--kind", "intent")).json.entries;
  expect(begun).toHaveLength(acted);
});

test("killed before it was taken: it still waits, and runs once", async () => {
  const child = approver("never");
  child.kill("SIGKILL");
  await child.exited;
  expect(made()).toBe(0);
  expect((await at("approvals", "show", id)).out).toContain("status: pending");
  const outcomes = await Promise.all([again(), again(), again()]);
  expect(outcomes.filter((outcome) => outcome.includes('"ok":true'))).toHaveLength(1);
  expect(made()).toBe(1);
  expect((await at("approvals", "show", id)).out).toContain("status: done");
});
