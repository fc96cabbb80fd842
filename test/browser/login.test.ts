import { Database } from "bun:sqlite";
import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import type { ListedAccount } from "../../src/core/accounts.ts";
import { binary, run } from "../support/binary.ts";
import { type Choice, consentAs, hasBrowser, openBrowser, openPerson, withBrowser } from "../support/browser.ts";
import { createHome } from "../support/home.ts";
import { beginLogin } from "../support/login.ts";
import { callOn } from "../support/toy-mail.ts";

setDefaultTimeout(30_000);
const ada = "ada.lovelace@example.com";
const grace = "grace.hopper@example.com";
const readsMail = "Read your mail and its settings";
const seesEvents = "See and change the events of all your calendars";

let browser: Browser;
let home: ReturnType<typeof createHome>;
beforeAll(async () => {
  if (!hasBrowser) return;
  await binary();
  browser = await openBrowser();
});
afterAll(() => browser?.close());
beforeEach(() => {
  home?.[Symbol.dispose]();
  home = createHome();
});
afterAll(() => home?.[Symbol.dispose]());

const at = (...words: string[]) => run(["--sandbox", ...words], { home: home.path });
const accounts = async (): Promise<ListedAccount[]> => (await at("accounts", "--json")).json.accounts;

/** A whole login: the command, the person at the browser, and what both came to. */
async function logIn(words: readonly string[], choice: Choice = {}) {
  await using login = await beginLogin(home.path, [...words, "--no-browser"]);
  const person = await openPerson(browser);
  await consentAs(person, await login.url(), choice);
  await person.page.waitForURL(/\/done-/);
  const heading = await person.page.getByRole("heading").textContent();
  const text = await person.page.locator("body").textContent();
  const [address, ended] = [await person.address(), await login.ended()];
  await person.close();
  return { ...ended, heading, text, address, complaints: person.complaints, hosts: person.hosts() };
}

describe.skipIf(!hasBrowser)(withBrowser("mcqueen login google, in a browser"), () => {
  test("links what the person allows, and its page leaves nothing behind", async () => {
    await using login = await beginLogin(home.path, ["google", "--no-browser"]);
    const person = await openPerson(browser);
    const url = await login.url();
    const [last] = await Promise.all([person.page.waitForResponse(/\/done-/), consentAs(person, url)]);
    const state = new URL(url).searchParams.get("state") ?? "";
    expect(await person.page.getByRole("heading").textContent()).toBe("✓ Google is linked, in the sandbox");
    expect(await person.page.locator("body").textContent()).toContain(
      `mcqueen may use ${ada} now, for its user owner.`,
    );
    expect(await person.address()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/done-[0-9a-f]+$/);
    expect(last.headers()).toMatchObject({
      "content-security-policy": expect.stringMatching(/^default-src 'none'; style-src 'nonce-/),
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
    });
    expect(await person.page.content()).not.toContain(state);
    expect([person.complaints, person.hosts()]).toEqual([[], ["127.0.0.1"]]);
    const { exit, out, err } = await login.ended();
    expect([exit, out]).toEqual([0, `SANDBOX Linked gmail, google_calendar of ${ada} as ${ada}.\n`]);
    expect(err).not.toContain("Not allowed");
    const [account] = await accounts();
    expect(account).toMatchObject({ account: ada, provider: "google", default: true, status: "ok" });
    const { entries } = (await at("history", "--json")).json;
    expect(entries).toMatchObject([{ entrance: "cli", kind: "account", detail: expect.stringContaining("linked") }]);
    await person.close();
  });

  test("tells the same as JSON, and only that on stdout", async () => {
    const { exit, json } = await logIn(["google", "--json"]);
    expect([exit, json]).toEqual([
      0,
      {
        success: true,
        login: expect.objectContaining({
          status: "done",
          mode: "loopback",
          account: expect.objectContaining({ account: ada, services: ["gmail", "google_calendar"] }),
        }),
        metadata: { sandbox: true },
      },
    ]);
    expect(json.login).not.toHaveProperty("missing_scopes");
  });

  test.each<[string, Choice, string]>([
    ["Cancel", { button: "Cancel" }, "You did not allow it at Google, so nothing was linked"],
    ["Allow with no box ticked", { tick: [] }, "No permission was given at Google, so nothing was linked"],
  ])("%s links nothing, and the page says so", async (_name, choice, sentence) => {
    const { exit, err, out, heading, text, address } = await logIn(["google"], choice);
    expect([exit, out, heading]).toEqual([4, "", `✗ ${sentence}`]);
    expect(err).toContain(sentence);
    expect(text).toContain("You can close this page.");
    expect(address).not.toMatch(/code=|state=/);
    expect(await accounts()).toEqual([]);
  });

  test("what was left unticked is named, and a call that needs it asks for a login", async () => {
    const { exit, json, err } = await logIn(["google", "--json"], { tick: [readsMail, seesEvents] });
    expect([exit, json.login.missing_scopes]).toEqual([
      0,
      ["https://www.googleapis.com/auth/gmail.send", "https://www.googleapis.com/auth/calendar.freebusy"],
    ]);
    expect(err).toContain("Not allowed: gmail.send, calendar.freebusy.");
    expect(await callOn(home, "read")).toMatchObject({ ok: true, data: { scopes: expect.any(Array) } });
    expect(await callOn(home, "send")).toMatchObject({
      ok: false,
      code: "auth_required",
      metadata: { reason: "missing_scopes", missing_scopes: ["https://www.googleapis.com/auth/gmail.send"] },
    });
    const again = await logIn(["gmail"]);
    expect([again.exit, (await callOn(home, "send")).ok]).toEqual([0, true]);
  });

  test("a service with no box ticked is not linked, and the other one is", async () => {
    const { exit, json } = await logIn(["google", "--json"], { tick: [seesEvents] });
    expect([exit, json.login.account.services]).toEqual([0, ["google_calendar"]]);
    expect(await callOn(home, "read")).toMatchObject({ code: "auth_required", metadata: { reason: "not_linked" } });
  });

  test("two accounts live side by side under names of the person's own", async () => {
    expect((await logIn(["google", "--account", "work"], { account: grace })).exit).toBe(0);
    expect((await logIn(["google", "--account", "home"], { account: ada })).exit).toBe(0);
    expect((await accounts()).map(({ account, label, default: first }) => [account, label, first])).toEqual([
      ["work", grace, true],
      ["home", ada, false],
    ]);
    const calls = [await callOn(home, "read"), await callOn(home, "read", "home"), await callOn(home, "read", "none")];
    expect(calls.map((call) => (call.ok ? call.data.account : call.code))).toEqual(["work", "home", "not_found"]);
  });

  test("another person under a known name is refused, and nothing changes", async () => {
    await logIn(["google", "--account", "work"], { account: grace });
    const before = await accounts();
    const { exit, err, heading } = await logIn(["google", "--account", "work"], { account: ada });
    const sentence = `work is ${grace}, but you chose ${ada}`;
    expect([exit, heading]).toEqual([6, `✗ ${sentence}`]);
    expect(err).toContain(sentence);
    expect(await accounts()).toEqual(before);
    expect((await callOn(home, "read")).ok).toBe(true);
  });

  test("a browser that is closed and Ctrl-C cancel the login", async () => {
    await using login = await beginLogin(home.path, ["google", "--no-browser"]);
    const person = await openPerson(browser);
    await person.page.goto(await login.url());
    await person.close();
    await login.told(/Waiting for the browser/);
    login.child.kill("SIGINT");
    const { exit, out } = await login.ended();
    expect([exit, out, await accounts()]).toEqual([130, "", []]);
    using database = new Database(home.settings({}, { sandbox: true }).home.database, { readonly: true });
    expect(database.query("SELECT status FROM login_flows").all()).toEqual([{ status: "cancelled" }]);
  });

  test("--manual takes the address of the page that does not load, after a wrong one", async () => {
    await using login = await beginLogin(home.path, ["google", "--manual", "--json"]);
    const person = await openPerson(browser);
    const url = await login.url();
    await consentAs(person, url);
    await person.untilLost();
    await login.paste("no address at all");
    await login.told(/must be the whole address/);
    await login.paste(url);
    await login.told(/This address holds no code/);
    await login.paste("http://127.0.0.1:1/?code=4/abc&state=somebody-elses");
    await login.told(/belongs to no login/);
    await login.paste(await person.address());
    const { exit, json } = await login.ended();
    expect([exit, json.login.status, json.login.account.account]).toEqual([0, "done", ada]);
    await person.close();
  });

  test("without --no-browser exactly the address goes to xdg-open", async () => {
    const folder = join(home.path, "bin");
    const seen = join(home.path, "opened");
    mkdirSync(folder);
    writeFileSync(
      join(folder, "xdg-open"),
      `#!/bin/sh\nprintf '%s\\n' "$#" "$@" > '${seen}.new'\nmv '${seen}.new' '${seen}'\n`,
    );
    chmodSync(join(folder, "xdg-open"), 0o700);
    const env = { PATH: `${folder}:${process.env.PATH}`, DISPLAY: ":0" };
    await using login = await beginLogin(home.path, ["google"], env);
    const told = await login.told(/If it does not, go to:\n\n {2}\S+\n/);
    const url = await login.url();
    while (!(await Bun.file(seen).exists())) await Bun.sleep(5);
    expect((await Bun.file(seen).text()).trimEnd().split("\n")).toEqual(["1", url]);
    expect(told).toContain("Your browser opens.");
    const person = await openPerson(browser);
    await consentAs(person, url);
    await person.page.waitForURL(/\/done-/);
    expect((await login.ended()).exit).toBe(0);
    await person.close();
  });
});
