import { afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { binary } from "../support/binary.ts";
import { consentAt } from "../support/google.ts";
import { createHome } from "../support/home.ts";
import { addressIn } from "../support/login.ts";
import { openTerminal, tmux, withTerminal } from "../support/terminal.ts";

setDefaultTimeout(30_000);
const ada = "ada.lovelace@example.com";
let home: ReturnType<typeof createHome>;
let terminal: Awaited<ReturnType<typeof openTerminal>>;
beforeAll(async () => void (await binary()));
beforeEach(async () => {
  home = createHome();
  if (tmux) terminal = await openTerminal(home.path);
});
afterEach(async () => {
  if (tmux) await terminal[Symbol.asyncDispose]();
  home[Symbol.dispose]();
});

const linked = `SANDBOX Linked gmail, google_calendar of ${ada} as ${ada}.`;
const begin = async (words: string, question: string): Promise<string> =>
  addressIn(await terminal.ask(`--sandbox login google ${words}`, question));

describe.skipIf(!tmux)(withTerminal("at a terminal, login google"), () => {
  test("takes the address while it waits for the browser, after a wrong one", async () => {
    const url = await begin("--no-browser", "paste its address here");
    const back = await consentAt(url);
    await terminal.type("http://127.0.0.1:1/?code=x&state=y");
    await terminal.until("This address belongs to no login that is waiting");
    const { exit, shown } = await terminal.answer(back.href);
    expect([exit, shown]).toEqual([0, expect.stringContaining(linked)]);
  });

  test.each(["nothing typed", "an empty line before"])("ends when the browser comes back, with %s", async (typed) => {
    const url = await begin("--no-browser", "paste its address here");
    if (typed !== "nothing typed") {
      await terminal.type("");
      await terminal.until("Waiting for the browser");
    }
    const page = await fetch(await consentAt(url));
    expect(await page.text()).toContain("Google is linked, in the sandbox");
    expect(await terminal.until(/^exit=0$/m)).toContain(linked);
  });

  test("a no at Google, pasted, ends it", async () => {
    const url = await begin("--no-browser", "paste its address here");
    const { exit, shown } = await terminal.answer((await consentAt(url, { decision: "deny" })).href);
    expect([exit, shown]).toEqual([4, expect.stringContaining("You did not allow it at Google")]);
  });

  test("--manual asks, and asks again", async () => {
    const url = await begin("--manual", "Paste it here:");
    await terminal.type("somewhere");
    await terminal.until(/must be the whole address[\s\S]*Paste it here:/);
    const { exit, shown } = await terminal.answer((await consentAt(url)).href);
    expect([exit, shown]).toEqual([0, expect.stringContaining(linked)]);
  });

  test.each(["--no-browser", "--manual"])(
    "Ctrl-C ends it with %s, and the address is good for nothing",
    async (way) => {
      await begin(way, way === "--manual" ? "Paste it here:" : "paste its address here");
      expect((await terminal.press("C-c")).exit).toBe(130);
      expect((await terminal.run("--sandbox accounts")).shown).toContain("No account is linked");
    },
  );
});
