import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Ran, run as runBinary } from "../support/binary.ts";
import { logInAtTerminal } from "../support/google-login.ts";
import { createHome } from "../support/home.ts";
import { ada } from "../support/mailbox.ts";

const home = createHome();
const run = (words: string[]): Promise<Ran> =>
  runBinary(["--sandbox", "run", "email_personal", ...words], { home: home.path });
const idOf = async (query: string): Promise<string> =>
  (await run(["search", "--query", query, "--select", "data.messages[0].id"])).out.trim();

beforeAll(() => logInAtTerminal(home.path, "gmail", ada), 60_000);
afterAll(() => home[Symbol.dispose]());

const file = (name: string, content: string | Uint8Array): string => {
  const path = join(home.path, name);
  writeFileSync(path, content);
  return path;
};

describe("mail at the terminal", () => {
  test("a list: unread first column, time, who, what, id", async () => {
    const { out, exit } = await run(["search", "--query", "subject:compiler OR from:great"]);
    expect(exit).toBe(0);
    const lines = out.split("\n").filter((line) => /[0-9a-f]{16}$/.test(line));
    expect(lines.map((line) => line.replace(/\d{1,2} \w{3} \d\d:\d\d/, "TIME").replace(/ {2,}/g, " | "))).toEqual([
      expect.stringMatching(/^● \| TIME \| Grace Hopper \| Re: Compiler notes for Thursday \| [0-9a-f]{16}$/),
      expect.stringMatching(/^● \| TIME \| Great Western Tickets \| Your ticket to Bristol Temple Meads \| 📎 \| /),
      expect.stringMatching(/^ ?\| ?TIME \| to Grace Hopper \| Re: Compiler notes for Thursday \| /),
      expect.stringMatching(/^ ?\| ?TIME \| Grace Hopper \| Compiler notes for Thursday \| 📎 \| /),
    ]);
  });

  test("times are those of the person", async () => {
    const at = async (): Promise<string> =>
      /\d\d:\d\d/.exec((await run(["search", "--query", "from:byron"])).out)?.[0] ?? "";
    const before = await at();
    await runBinary(["--sandbox", "profile", "set", "zone=Asia/Kolkata"], { home: home.path });
    const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));
    expect((minutes(await at()) - minutes(before) + 1_440) % 1_440).toBe(330);
  });

  test("a message with its files saved, once and again", async () => {
    const id = await idOf("subject:mill");
    const folder = join(home.path, "saved");
    for (let times = 0; times < 2; times++) {
      const { out, err, exit } = await run(["read", "--message-id", id, "--save-attachments", folder]);
      expect(exit).toBe(0);
      expect(out).toContain("Subject: Fwd: Drawings of the mill\n\nSee the drawing below.");
      expect(out).toContain("../../.bashrc");
      expect(err).toContain("Saved ");
    }
    expect(readdirSync(folder).sort()).toEqual(
      ["Zeichnung Mühle (3).svg", "Zeichnung Mühle (3) (1).svg", "_CON", "_CON (1)", "bashrc", "bashrc (1)"].sort(),
    );
    expect(existsSync(join(home.path, ".bashrc"))).toBe(false);
    expect(readFileSync(join(folder, "bashrc"), "utf8")).toStartWith("echo this should never land");
  });

  test("escape sequences of a stranger do nothing", async () => {
    const { out } = await run(["read", "--message-id", await idOf("from:desk")]);
    expect(out).toContain("\\x1b[2J\\x1b[1;1HYour terminal was cleared.");
    expect(out).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    expect((await run(["search", "--query", "from:desk"])).out).not.toMatch(/[^\P{Cc}\n]/u);
  });

  test("a letter with files, as others get it", async () => {
    const letter = file("letter.txt", "Dear Ada,\n\nhere are the numbers.\n");
    const numbers = file("Zahlen für März.bin", new Uint8Array([0, 1, 254, 255]));
    const words = [
      "send",
      "--to",
      `Me <${ada}>`,
      "--subject",
      "Zahlen",
      "--body",
      `@${letter}`,
      "--attach",
      letter,
      "--attach",
      numbers,
    ];
    const asked = await run(words);
    expect(asked.exit).toBe(4);
    expect(asked.err).toContain(`Send an email to Me (${ada}) about “Zahlen”, with 2 attachments?`);
    const planned = await run([...words, "--dry-run"]);
    expect(planned.out).toContain("dry_run: true");
    expect((await run(["search", "--query", "subject:zahlen"])).out).toContain("No mail was found.");
    expect((await run([...words, "--yes"])).out).toContain("Sent. Message ");
    const id = await idOf("subject:zahlen");
    const folder = join(home.path, "back");
    mkdirSync(folder);
    await run(["read", "--message-id", id, "--save-attachments", folder]);
    expect([...readFileSync(join(folder, "Zahlen für März.bin"))]).toEqual([0, 1, 254, 255]);
    expect(readFileSync(join(folder, "letter.txt"))).toEqual(readFileSync(letter));
  });

  test("one attachment, by its number", async () => {
    const words = ["read", "--message-id", await idOf("filename:csv"), "--attachment-id", "2"];
    expect((await run(words)).out).toContain("attendance.csv  text/csv, 69 bytes");
    const folder = join(home.path, "one");
    await run([...words, "--save-attachments", folder]);
    expect(readdirSync(folder)).toEqual(["attendance.csv"]);
  });

  test("labels and the next page", async () => {
    expect((await run(["list_labels"])).out).toContain("Receipts");
    const { out } = await run(["search", "--max-results", "2"]);
    const token = /More: add --page-token (\d+)/.exec(out)?.[1] ?? "";
    expect((await run(["search", "--max-results", "2", "--page-token", token])).exit).toBe(0);
  });

  test.each<[words: string[], exit: number, message: string]>([
    [
      ["send", "--to", ada, "--subject", "x", "--body", "x", "--attach", "/no/such/file"],
      2,
      "There is no file /no/such/file",
    ],
    [["send", "--to", ada, "--subject", "x", "--body", "x", "--attach", "/"], 2, "is no file that can be attached"],
    [["send", "--to", "nobody", "--subject", "x", "--body", "x"], 2, "Parameter to[0] must be a valid mail address"],
    [["send", "--to", ada, "--body", "x"], 2, "Missing required parameter: subject"],
    [["read"], 2, "Give one of message_id and thread_id"],
    [["read", "--message-id", "1a1a1a1a1a1a1a1a"], 6, "Gmail has no such entry"],
    [["search", "--attach", "x"], 2, "--attach"],
    [["--attach", "x"], 2, "--attach goes with send"],
  ])("%p ends with %d", async (words, exit, message) => {
    const ran = await run(words);
    expect([ran.exit, ran.err]).toEqual([exit, expect.stringContaining(message)]);
  });

  test("help shows the flags of the action", async () => {
    const send = (await run(["send", "--help"])).out;
    expect([send.includes("--attach <file>"), send.includes("--save-attachments")]).toEqual([true, false]);
  });
});
