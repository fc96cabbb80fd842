import { afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { binary } from "../support/binary.ts";
import { add, createNotesHome } from "../support/sandbox-notes.ts";
import { numberAsked, numberOn, openTerminal, tmux, withTerminal } from "../support/terminal.ts";

setDefaultTimeout(30_000);
let home: ReturnType<typeof createNotesHome>;
let terminal: Awaited<ReturnType<typeof openTerminal>>;
beforeAll(async () => void (await binary()));
beforeEach(async () => {
  home = createNotesHome();
  if (tmux) terminal = await openTerminal(home.path);
});
afterEach(async () => {
  if (tmux) await terminal[Symbol.asyncDispose]();
  home[Symbol.dispose]();
});

const question = /\[y\/N\]/;
const wrong = (number: string): string => String(number === "100000" ? 100_001 : Number(number) - 1);

describe.skipIf(!tmux)(withTerminal("at a terminal, run notes add"), () => {
  test.each([
    ["y", 0, ["Milk"]],
    ["yes", 0, ["Milk"]],
    ["N", 4, []],
    ["", 4, []],
    ["yep", 4, []],
  ] as const)("asks its spoken question, and %p ends with %p", async (answer, exit, titles) => {
    const remind = "--remind-at 2026-12-03T19:30:00Z";
    const asked = await terminal.ask(`--sandbox run notes add --title Milk ${remind}`, question);
    expect(asked).toContain("Add a note “Milk”, with a reminder on Thursday 3 December at 19:30? [y/N]");
    expect(home.titles()).toEqual([]);
    const ended = await terminal.answer(answer);
    expect(ended.exit).toBe(exit);
    expect(ended.shown).toContain(exit === 0 ? "title: Milk" : "Not confirmed, so nothing was done");
    expect(home.titles()).toEqual([...titles]);
  });

  test("asks nothing with --yes, for a read, or for a dry run", async () => {
    for (const words of ["run notes add --title A --yes", "run notes", "run notes add --title B --dry-run"]) {
      const { exit, shown } = await terminal.run(`--sandbox ${words}`);
      expect([exit, question.test(shown)]).toEqual([0, false]);
    }
    expect(home.titles()).toEqual(["A"]);
  });

  test("an interrupted question is no yes, and no defect either", async () => {
    for (const [key, exits] of [
      ["C-c", [4, 130]],
      ["C-d", [4]],
    ] as [string, number[]][]) {
      await terminal.ask("--sandbox run notes add --title Milk", question);
      const { exit, shown } = await terminal.press(key);
      expect({ key, shown: shown.includes("Internal server error") }).toEqual({ key, shown: false });
      expect(exits).toContain(exit);
    }
    expect(home.titles()).toEqual([]);
  });
});

describe.skipIf(!tmux)(withTerminal("at a terminal, approvals approve"), () => {
  const waiting = async (title: string): Promise<string> =>
    (await home.at(add(title, "--yes", "--json"), { POLICY: "cli.write=approve" })).json.metadata.approval_id;

  test("shows the call and a number; the right number makes it", async () => {
    const id = await waiting("Milk");
    const asked = await terminal.ask(`--sandbox approvals approve ${id}`, numberAsked);
    expect(asked).toContain("what: Add a note “Milk”?");
    expect(asked).toContain("asked_by: cli, credential local");
    expect(home.titles()).toEqual([]);
    const { exit, shown } = await terminal.answer(numberOn(asked));
    expect([exit, shown]).toEqual([0, expect.stringContaining("title: Milk")]);
    expect(home.titles()).toEqual(["Milk"]);
    const again = await terminal.run(`--sandbox approvals approve ${id}`);
    expect([again.exit, again.shown]).toEqual([6, expect.stringContaining("is done")]);
    expect((await home.at(["approvals", "show", id])).out).toContain("settled_by: terminal");
  });

  test("a wrong number, a yes or nothing does not, and the next number is another", async () => {
    const id = await waiting("Milk");
    const numbers = new Set<string>();
    for (const answer of [wrong, () => "y", () => ""]) {
      const number = numberOn(await terminal.ask(`--sandbox approvals approve ${id}`, numberAsked));
      numbers.add(number);
      const { exit, shown } = await terminal.answer(answer(number));
      expect([exit, shown]).toEqual([4, expect.stringContaining("That was not the number, so nothing was done")]);
    }
    expect(numbers.size).toBeGreaterThan(1);
    expect(home.titles()).toEqual([]);
    expect((await home.at(["approvals", "show", id])).out).toContain("status: pending");
  });

  test("the terminal cannot approve what it asked for itself", async () => {
    await terminal.run("--sandbox settings set POLICY 'terminal.write=approve'");
    const asked = await terminal.run("--sandbox run notes add --title Milk --yes");
    expect(asked.exit).toBe(4);
    const [{ id }] = (await home.at(["approvals", "list", "--json"])).json.approvals;
    const number = numberOn(await terminal.ask(`--sandbox approvals approve ${id}`, numberAsked));
    const { exit, shown } = await terminal.answer(number);
    expect([exit, shown]).toEqual([8, expect.stringContaining("Who asked for this cannot approve it")]);
    expect(home.titles()).toEqual([]);
  });
});

describe.skipIf(!tmux)(withTerminal("at a terminal, policy"), () => {
  test("set and unset want the number, and are recorded", async () => {
    const rules = async () => (await home.at(["policy", "--json"])).json.rules;
    const words = "--sandbox policy set rest write approve";
    const asked = await terminal.ask(words, numberAsked);
    expect(asked).toContain("Set the policy rest.write to approve.");
    expect((await terminal.answer(wrong(numberOn(asked)))).exit).toBe(4);
    expect(await rules()).toEqual([]);
    const { exit, shown } = await terminal.answerAt(words);
    expect([exit, shown]).toEqual([0, expect.stringContaining("rest.write is approve now.")]);
    expect(await rules()).toMatchObject([{ entrance: "rest", effect: "write", decision: "approve" }]);
    expect((await terminal.answerAt("--sandbox policy unset rest write")).exit).toBe(0);
    expect(await rules()).toEqual([]);
    const { entries } = (await home.at(["history", "--json", "--kind", "policy"])).json;
    expect(entries).toMatchObject([
      { detail: "removed the rule for rest.write", credential_id: "terminal" },
      { detail: "set rest.write to approve" },
    ]);
  });

  test("a rule that means nothing is refused", async () => {
    for (const words of ["set door write approve", "set rest write perhaps", "set rest write ask --tool nope"]) {
      expect((await terminal.run(`--sandbox policy ${words}`)).exit).toBe(2);
    }
  });
});

const harmful = "safe\u001b]0;owned\u0007\u001b[2Jcleared\rmoved\u202etxt.exe";
const acted = ["\u001b]0;owned", "\u001b[2J", "cleared\r", "\u202e"];

describe.skipIf(!tmux)(withTerminal("a title full of escape sequences"), () => {
  test("is harmless in the question, in notes, in the history and in approvals", async () => {
    writeFileSync(join(home.path, "title"), harmful);
    const words = `--sandbox run notes add --title @${home.path}/title`;
    const shownAt: string[] = [await terminal.ask(words, question)];
    expect((await terminal.answer("y")).exit).toBe(0);
    const [title] = home.titles();
    expect(title).toBe(harmful);
    await home.at(["run", "notes", "add", "--title", `@${home.path}/title`, "--yes"], { POLICY: "cli.write=approve" });
    const [{ id }] = (await home.at(["approvals", "list", "--json"])).json.approvals;
    for (const view of ["run notes list", "history", "approvals list", `approvals show ${id}`]) {
      const { exit, shown } = await terminal.run(`--sandbox ${view}`);
      expect({ view, exit }).toEqual({ view, exit: 0 });
      shownAt.push(shown);
    }
    const asked = await terminal.ask(`--sandbox approvals approve ${id}`, numberAsked);
    shownAt.push(asked);
    expect((await terminal.answer(numberOn(asked))).exit).toBe(0);
    for (const shown of shownAt) {
      expect(shown).toContain("$MCQUEEN --sandbox");
      expect(shown).toContain("safe");
      expect(shown).toContain("cleared");
    }
    for (const bytes of acted) expect(terminal.raw()).not.toContain(bytes);
    expect(await terminal.title()).not.toContain("owned");
  });

  test("is harmless on a pipe and in JSON too, where the value stays what it is", async () => {
    await home.at(["run", "notes", "add", "--title", harmful, "--yes"]);
    for (const words of [["run", "notes"], ["history"], ["run", "notes", "--json"], ["history", "--json"]]) {
      const { out, json } = await home.at(words);
      for (const bytes of acted) expect(out).not.toContain(bytes);
      if (json) expect(JSON.stringify(json)).toContain(JSON.stringify(harmful));
    }
  });
});
