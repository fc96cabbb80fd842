import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { keep } from "../../src/sandbox/gmail/mailbox.ts";
import { run } from "../support/binary.ts";
import { logInAtTerminal } from "../support/google-login.ts";
import { createHome } from "../support/home.ts";
import { ada } from "../support/mailbox.ts";
import { openTerminal, tmux, withTerminal } from "../support/terminal.ts";

setDefaultTimeout(60_000);
const home = createHome();
const folder = join(home.path, "sandbox", "data", "stand-ins");
const threadId = "1f00000000000000";

/** What a terminal may act on, each with what it would do. */
const attacks: readonly string[] = [
  "\x1b]0;owned\x07",
  "\x1b]2;owned\x1b\\",
  "\x1b[2J\x1b[H",
  "\x1b[?1049h",
  "\x1b]52;c;b3duZWQ=\x07",
  "\x1b]8;;http://evil.example\x1b\\click\x1b]8;;\x1b\\",
  "\x1bP+q544e\x1b\\",
  "\x1b[6n\x1b[c",
  "\x1bc",
  "\x9b2J\x9d0;owned\x9c",
  "\rFrom: Bank",
  "abc\b\b\bxyz",
  "\u202egnp.exe\u202c",
  "\u2066hidden\u2069\u200b",
  "\x1b[8mhidden\x1b[0m",
  "\x0e\x0f\x7f\x00",
  "\u2028second line\u2029",
];
const letters = Array.from({ length: 50 }, (_, at) => {
  const attack = `${attacks[at % attacks.length]}${attacks[(at * 7 + 3) % attacks.length]}`;
  return { id: (0x1f00000000000000n + BigInt(at)).toString(16), attack, mark: `mark${at}.` };
});

/** Headers as raw bytes, as encoded words and in names of files; the text plain or as HTML. */
function raw({ attack, mark }: (typeof letters)[number], at: number): string {
  const text = `${mark}${attack}`;
  const word = (value: string): string => `=?utf-8?b?${Buffer.from(value).toString("base64")}?=`;
  const header = (value: string): string => (at % 2 ? word(value) : value.replace(/[\r\n\0]/g, ""));
  const markup = `<p>${text.replace(/[<&]/g, "")}</p><script>alert(1)</script>`;
  const mail = [
    `From: ${header(`${attack} Desk`)} <desk@evil.example>`,
    `To: ${header(attack)} <${ada}>`,
    `Subject: ${header(text)}`,
    "Date: Tue, 10 Mar 2026 12:00:00 +0000",
    `Message-ID: <hostile-${at}@evil.example>`,
    "MIME-Version: 1.0",
    'Content-Type: multipart/mixed; boundary="b"',
    "",
    "--b",
    `Content-Type: text/${at % 3 ? "plain" : "html"}; charset=utf-8`,
    "Content-Transfer-Encoding: base64",
    "",
    Buffer.from(at % 3 ? text : markup).toString("base64"),
    "--b",
    "Content-Type: application/octet-stream",
    `Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent(`../${attack}/${mark}sh`)}`,
    "Content-Transfer-Encoding: base64",
    "",
    "aGk=",
    "--b--",
    "",
  ].join("\r\n");
  return Buffer.from(mail).toString("base64");
}

beforeAll(async () => {
  await logInAtTerminal(home.path, "gmail", ada);
  const at = new Date();
  for (const [index, letter] of letters.entries()) {
    const dates = { internalDate: at.getTime() + index * 1_000 };
    keep(
      folder,
      ada,
      { id: letter.id, threadId, labelIds: ["INBOX", "UNREAD"], ...dates, raw: raw(letter, index) },
      at,
    );
  }
}, 60_000);
afterAll(() => home[Symbol.dispose]());

/** What no text of a stranger may bring to a terminal or a pipe. */
const acting = /[^\P{Cc}\n\t]|[\u200b\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069]/u;

describe.skipIf(!tmux)(withTerminal("fifty hostile mails"), () => {
  let terminal: Awaited<ReturnType<typeof openTerminal>>;
  beforeAll(async () => {
    terminal = await openTerminal(home.path);
  });
  afterAll(() => terminal[Symbol.asyncDispose]());

  test("are listed and read without the terminal doing anything of what they say", async () => {
    const commands = [
      "--sandbox run email_personal search --query in:inbox --max-results 50",
      `--sandbox run email_personal read --thread-id ${threadId}`,
      `--sandbox run email_personal read --message-id ${letters[0]?.id} --save-attachments ${home.path}/saved`,
    ];
    for (const words of commands) {
      const { exit, shown } = await terminal.run(words);
      expect([words, exit, shown.includes("exit=0")]).toEqual([words, 0, true]);
    }
    const bytes = terminal.raw();
    for (const { mark } of letters) expect(bytes).toContain(mark);
    for (const attack of attacks) expect(bytes).not.toContain(attack);
    expect(await terminal.title()).not.toContain("owned");
    expect(await terminal.screen()).not.toMatch(acting);
  });

  test("sending shows all who get it, n sends nothing, y exactly what was asked", async () => {
    const words =
      "--sandbox run email_personal send --to alan.turing@example.com --bcc grace.hopper@example.com --subject Plans --body Tea";
    const question =
      "Send an email to alan.turing@example.com about “Plans”, with a hidden copy to grace.hopper@example.com?";
    const sent = async () =>
      (
        await run(["--sandbox", "run", "email_personal", "search", "--query", "in:sent subject:Plans", "--json"], {
          home: home.path,
        })
      ).json.data.messages;
    await terminal.ask(words, question);
    expect((await terminal.answer("n")).exit).toBe(4);
    expect(await sent()).toEqual([]);
    await terminal.ask(words, question);
    expect((await terminal.answer("y")).exit).toBe(0);
    expect(await sent()).toMatchObject([{ to: "alan.turing@example.com" }]);
  });
});

test.each([
  ["a list", ["search", "--query", "in:inbox", "--max-results", "50"]],
  ["a conversation", ["read", "--thread-id", threadId, "--include-html"]],
])("%s of hostile mails is harmless on a pipe and in JSON", async (_name, words) => {
  const [shown, asJson] = await Promise.all(
    [[], ["--json"]].map((more) => run(["--sandbox", "run", "email_personal", ...words, ...more], { home: home.path })),
  );
  for (const { exit, out, err } of [shown, asJson].filter((ran) => ran !== undefined)) {
    expect([exit, err]).toEqual([0, ""]);
    expect(out).not.toMatch(acting);
    for (const { mark } of letters) expect(out).toContain(mark);
  }
});
