import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser } from "playwright-core";
import { hasBrowser, openBrowser, openPerson, withBrowser } from "../support/browser.ts";
import { bootLan } from "../support/lan.ts";
import { goTo, phoneSize, watchPolicy } from "../support/page.ts";

setDefaultTimeout(60_000);
const atTerminal = {
  userId: "owner",
  role: "admin",
  entrance: "cli",
  credentialId: "terminal",
  interactive: true,
} as const;

let browser: Browser;
let lan: Awaited<ReturnType<typeof bootLan>>;
beforeAll(async () => {
  if (!hasBrowser) return;
  lan = await bootLan({ sandbox: true, env: { RATE_LIMIT_MAX: "1000", LOGIN_RATE_MAX: "100" } });
  const pin = Buffer.from(lan.identity().pin, "base64url").toString("base64");
  browser = await openBrowser([`--ignore-certificate-errors-spki-list=${pin}`]);
});
afterAll(async () => {
  await browser?.close();
  await lan?.[Symbol.asyncDispose]();
});

describe.skipIf(!hasBrowser)(withBrowser("a phone in the same network, over TLS"), () => {
  const open = async () => {
    const person = await openPerson(browser, phoneSize);
    await watchPolicy(person.page, person.complaints);
    return person;
  };

  test("pairs by the link, works, opens a new session by itself, opens offline, and is out at once when revoked", async () => {
    const { pin } = lan.identity();
    const { id, code } = await lan.app.pairing.open(atTerminal, { via: "lan", pin }, {});
    const person = await open();
    const { page } = person;
    await page.goto(`${lan.url()}/pair#${code}&fp=${pin}`);
    await page.getByLabel("Name of this phone").fill("Ada's phone");
    expect(new URL(page.url()).hash).toBe("");
    await page.getByRole("button", { name: "Pair" }).click();
    const digits = await page.locator(".digits").textContent();
    expect((await lan.app.pairing.look(id)).number).toBe(digits ?? "");
    await lan.app.pairing.confirm(atTerminal, id);
    await page.getByRole("link", { name: /Get Weather/ }).waitFor();

    const session = JSON.parse(await page.evaluate<string>("localStorage.getItem('mcqueen.session')")).session_id;
    await lan.app.people.logOut(atTerminal, session);
    await goTo(page, "settings");
    await page.getByText("Ada's phone").waitFor();
    const next = JSON.parse(await page.evaluate<string>("localStorage.getItem('mcqueen.session')")).session_id;
    expect(next).not.toBe(session);

    await page.evaluate("navigator.serviceWorker.ready.then(() => undefined)");
    await page.context().setOffline(true);
    await page.reload();
    await page.getByText("Your computer does not answer").first().waitFor();
    await page.context().setOffline(false);
    await page.getByText("It is tried again by itself.").waitFor({ state: "detached" });

    const [device] = await lan.app.devices.list("owner");
    await lan.app.devices.revoke(atTerminal, device?.id ?? "");
    await page.getByText("This phone is no longer paired. Pair it again.").waitFor();
    expect(await page.evaluate("JSON.stringify({...localStorage})")).toBe("{}");
    expect(person.complaints.filter((told) => !/status of 4\d\d|ERR_INTERNET_DISCONNECTED/.test(told))).toEqual([]);
    expect(person.hosts()).toEqual([new URL(lan.url()).hostname]);
    await person.close();
  });

  test("says that the person refused, that a code is unknown, and that a text is no code", async () => {
    const { pin } = lan.identity();
    const { id, code } = await lan.app.pairing.open(atTerminal, { via: "lan", pin }, {});
    const person = await open();
    const { page } = person;
    await page.goto(lan.url());
    await page.getByLabel("Link or code").fill("hello");
    await page.getByRole("button", { name: "Pair" }).click();
    await page.getByText("That is no link of mcqueen pair").waitFor();
    await page.getByLabel("Link or code").fill(`${lan.url()}/pair#${"A".repeat(22)}&fp=${pin}`);
    await page.getByRole("button", { name: "Pair" }).click();
    await page.getByText("This pairing code is not valid").waitFor();
    await page.getByLabel("Link or code").fill(`${code}&fp=${pin}`);
    await page.getByRole("button", { name: "Pair" }).click();
    await page.locator(".digits").waitFor();
    await lan.app.pairing.refuse(atTerminal, id);
    await page.locator(".note.bad").waitFor();
    expect(await lan.app.devices.list("owner")).toEqual([]);
    await person.close();
  });
});
