import { afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { hintsInSandbox, inSandbox } from "../../cli/sandbox-words.ts";
import { verbs } from "../../cli/verbs.ts";
import { binary } from "../support/binary.ts";
import { add, createNotesHome } from "../support/sandbox-notes.ts";

setDefaultTimeout(30_000);

describe("a command that a sentence names works in the sandbox", () => {
  test.each([
    ["Run: mcqueen login gmail", "Run: mcqueen --sandbox login gmail"],
    ["Stop it, then run mcqueen restore x.db", "Stop it, then run mcqueen --sandbox restore x.db"],
    [
      "Run: mcqueen places add, or: mcqueen profile set home=x",
      "Run: mcqueen --sandbox places add, or: mcqueen --sandbox profile set home=x",
    ],
    ["Look at mcqueen history.", "Look at mcqueen --sandbox history."],
    ["MCQUEEN_TOKEN=$(mcqueen daemon token)", "MCQUEEN_TOKEN=$(mcqueen --sandbox daemon token)"],
  ])("%s", (text, told) => expect(inSandbox(text)).toBe(told));

  test.each([
    "as far as mcqueen has been told",
    "Run: mcqueen --sandbox login gmail",
    "mcqueen serves at http://127.0.0.1:3001",
    "the file /opt/mcqueen list",
    "Run: notes add --title 'mcqueen list'",
  ])("and other words stay: %s", (text) => expect(inSandbox(text)).toBe(text));

  test.each(verbs.map(({ name }) => name))("%s", (name) =>
    expect(inSandbox(`Run: mcqueen ${name}`)).toBe(`Run: mcqueen --sandbox ${name}`),
  );

  test("in JSON those of hint and fix, however deep, and no data", () => {
    const at = new Date(0);
    expect(
      hintsInSandbox({ hint: "mcqueen list", data: [{ fix: "mcqueen doctor", title: "mcqueen list", hint: 3, at }] }),
    ).toEqual({
      hint: "mcqueen --sandbox list",
      data: [{ fix: "mcqueen --sandbox doctor", title: "mcqueen list", hint: 3, at }],
    });
  });
});

describe("in the product", () => {
  let home: ReturnType<typeof createNotesHome>;
  beforeAll(async () => void (await binary()));
  beforeEach(() => {
    home = createNotesHome();
  });
  afterEach(() => home[Symbol.dispose]());

  test.each([
    ["an error", ["show", "get_wether"], "hint", "Run: mcqueen --sandbox list --all"],
    ["a call", ["run", "email_personal", "list_labels"], "hint", "mcqueen --sandbox login gmail"],
    ["a listed tool", ["show", "email_personal"], "tool.hint", "mcqueen --sandbox login gmail"],
  ])("the hint of %s names --sandbox in JSON as for people", async (_, words, path, told) => {
    const json = (await home.at([...words, "--json", "--quiet"])).json;
    expect(path.split(".").reduce((value, name) => value[name], json)).toContain(told);
    const { out, err } = await home.at(words);
    expect(out + err).toContain(told);
  });

  test("what doctor says mends something does so here, in JSON and for people", async () => {
    const { findings } = (await home.at(["doctor", "--offline", "--json"])).json;
    const fix = findings.find(({ about }: { about: string }) => about === "daemon").fix;
    expect(fix).toBe("Run: mcqueen --sandbox daemon start");
    expect((await home.at(["doctor", "--offline"])).out).toContain(fix);
  });

  test.each([
    [["daemon", "status"], "Run: mcqueen --sandbox daemon start"],
    [["profile"], "mcqueen --sandbox profile set"],
    [["tokens", "list"], "mcqueen --sandbox tokens create"],
    [["show", "get_weather"], "Run: mcqueen --sandbox run get_weather --help"],
  ])("%j names a command that works here", async (words, told) => {
    expect((await home.at(words)).out).toContain(told);
  });

  test("what a person wrote is shown as it was written", async () => {
    expect((await home.at(add("mcqueen list", "--yes"))).out).toContain("title: mcqueen list\n");
  });
});
