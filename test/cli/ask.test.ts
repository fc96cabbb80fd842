import { afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { binary, run } from "../support/binary.ts";
import { createNotesHome } from "../support/sandbox-notes.ts";
import { bootServer } from "../support/server.ts";
import { openTerminal, tmux, withTerminal } from "../support/terminal.ts";

setDefaultTimeout(30_000);
let home: ReturnType<typeof createNotesHome>;
beforeAll(async () => void (await binary()));
beforeEach(() => {
  home = createNotesHome();
});
afterEach(() => home[Symbol.dispose]());

describe("ask", () => {
  test("runs a read at once, and says on stderr what it understood", async () => {
    const { exit, out, err } = await home.at(["ask", "what's the weather in Oslo"]);
    expect([exit, err]).toEqual([0, "Get Weather: location “Oslo”\n"]);
    expect(out).toContain("Oslo, Oslo, Norway");
    const words = await home.at(["ask", "what's", "the", "weather", "in", "Oslo", "--json"]);
    expect(words.json).toMatchObject({ success: true, data: { location: expect.stringContaining("Oslo") } });
  });

  test("a write wants its yes, as run does", async () => {
    const asked = await home.at(["ask", "note that the milk is out"]);
    expect([asked.exit, home.titles()]).toEqual([4, []]);
    expect(asked.err).toContain("It asks: Add a note “the milk is out”?");
    const dry = await home.at(["ask", "note that the milk is out", "--dry-run", "--json"]);
    expect([dry.exit, home.titles(), dry.json.data.parameters]).toEqual([0, [], { title: "the milk is out" }]);
    const held = await home.at(["--read-only", "ask", "note that the milk is out", "--yes"]);
    expect([held.exit, home.titles()]).toEqual([8, []]);
    const done = await home.at(["ask", "note that the milk is out", "--yes"]);
    expect([done.exit, home.titles()]).toEqual([0, ["the milk is out"]]);
  });

  test.each([
    [["what's the weather like"], 2, ["Missing: location.", "Run: mcqueen --sandbox run get_weather get --location …"]],
    [
      ["send an email to Ada about Bob's lunch"],
      2,
      [
        "Missing: to, body.",
        `"Ada" is not clear enough for to`,
        `mcqueen --sandbox run email_personal send --subject 'Bob'\\''s lunch' --to … --body …`,
      ],
    ],
    [
      ["show my notes and my calendar"],
      2,
      [
        "It is not clear what is meant",
        "mcqueen --sandbox run calendar_personal get_events",
        "mcqueen --sandbox run notes list",
      ],
    ],
    [["turn off the lights"], 6, ["No tool fits “turn off the lights”", "mcqueen --sandbox list --all"]],
    [
      ["cancel my reservation at Rules"],
      2,
      ["Missing: booking_id", "To find the booking_id: mcqueen --sandbox run book_restaurant_public list --json"],
    ],
    [["   "], 2, ["Say what you want", "mcqueen --sandbox ask --help"]],
    [["was gibt es Neues"], 6, ["Say in English"]],
    [[], 2, ["missing required argument"]],
    [["check my mail"], 3, ["mcqueen --sandbox login gmail"]],
  ])("%j ends with %p", async (words, exit, holds) => {
    const ended = await home.at(["ask", ...words]);
    expect([ended.exit, ended.out]).toEqual([exit, ""]);
    for (const text of holds) expect(ended.err.toLowerCase()).toContain(text.toLowerCase());
  });

  test("--json tells the proposals of what is not clear", async () => {
    const { exit, json } = await home.at(["ask", "what's the weather like", "--json"]);
    expect([exit, json.success, json.metadata.proposals[0].missing]).toEqual([2, false, ["location"]]);
  });

  test("escape sequences in the words reach no terminal", async () => {
    const { err } = await home.at(["ask", "what's the weather in \u001b]0;x\u0007Oslo"]);
    expect(err).not.toContain("\u001b]");
  });

  test("works at a daemon elsewhere", async () => {
    await using server = await bootServer({ sandbox: true });
    const env = { MCQUEEN_TOKEN: server.app.localToken() };
    const words = ["--server", server.origin, "ask", "what's the weather in Oslo"];
    const { exit, out, err } = await run(words, { home: home.path, env });
    expect([exit, err]).toEqual([0, "Get Weather: location “Oslo”\n"]);
    expect(out).toContain("Oslo, Oslo, Norway");
    const none = await run(["--server", server.origin, "ask", "turn off the lights"], { home: home.path, env });
    expect(none.exit).toBe(6);
  });
});

describe.skipIf(!tmux)(withTerminal("at a terminal, ask"), () => {
  test("asks for what is missing, and then for the yes", async () => {
    await using terminal = await openTerminal(home.path);
    await terminal.ask(`--sandbox ask "what's the weather like"`, "location (Place name");
    const weather = await terminal.answer("Oslo");
    expect([weather.exit, weather.shown]).toEqual([0, expect.stringContaining("Oslo, Oslo, Norway")]);
    await terminal.ask("--sandbox ask note that the milk is out", "Add a note “the milk is out”? [y/N]");
    expect((await terminal.answer("N")).exit).toBe(4);
    expect(home.titles()).toEqual([]);
    await terminal.ask("--sandbox ask note that the milk is out", "[y/N]");
    expect((await terminal.answer("y")).exit).toBe(0);
    expect(home.titles()).toEqual(["the milk is out"]);
  });

  test("an empty answer leaves it missing", async () => {
    await using terminal = await openTerminal(home.path);
    await terminal.ask(`--sandbox ask "what's the weather like"`, "location (Place name");
    const { exit, shown } = await terminal.answer("");
    expect([exit, shown]).toEqual([2, expect.stringContaining("Missing: location")]);
  });

  test.each([
    ["2", 0],
    ["1", 3],
    ["9", 4],
    ["", 4],
  ])("lets a person choose where several are meant: %p ends with %p", async (answer, exit) => {
    await using terminal = await openTerminal(home.path);
    const asked = await terminal.ask(`--sandbox ask "show my notes and my calendar"`, "or nothing:");
    expect(asked).toContain("1: mcqueen --sandbox run calendar_personal get_events");
    expect(asked).toContain("2: mcqueen --sandbox run notes list");
    expect((await terminal.answer(answer)).exit).toBe(exit);
  });
});
