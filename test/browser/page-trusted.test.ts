import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Page } from "playwright-core";
import { hasBrowser, hasCertutil, openOwnBrowser, withBrowser } from "../support/browser.ts";
import { owner } from "../support/home.ts";
import { bootLan } from "../support/lan.ts";
import { goTo, phoneSize, press, watchPolicy } from "../support/page.ts";
import { linkGoogle } from "../support/page-tour.ts";

setDefaultTimeout(120_000);
const atTerminal = { ...owner, credentialId: "terminal", interactive: true };
const env = { RATE_LIMIT_MAX: "10000", RATE_LIMIT_SESSION_MAX: "10000", LOGIN_RATE_MAX: "1000" };
const isReady = hasBrowser && hasCertutil;
const named = (name: string): string =>
  hasCertutil ? withBrowser(name) : `${name} (left out: certutil of libnss3-tools is missing)`;

let lan: Awaited<ReturnType<typeof bootLan>>;
beforeAll(async () => {
  if (isReady) lan = await bootLan({ sandbox: true, env });
});
afterAll(async () => {
  await lan?.[Symbol.asyncDispose]();
});

/** A phone whose owner installed the authority of this daemon, and did nothing else to be trusting. */
async function openPhone() {
  const person = await openOwnBrowser(phoneSize, lan.identity().authority);
  await watchPolicy(person.page, person.complaints);
  return person;
}

/** Pairs as a person does, with the digits compared, and comes to the tools. */
async function pairBy(page: Page, way: "link" | "code"): Promise<string> {
  const { pin } = lan.identity();
  const { id, code } = await lan.app.pairing.open(atTerminal, { via: "lan", pin }, {});
  if (way === "link") await page.goto(`${lan.url()}/pair#${code}&fp=${pin}`);
  else {
    await page.goto(lan.url());
    await page.getByLabel("Link or code").fill(`${code}&fp=${pin}`);
  }
  await page.getByLabel("Name of this phone").fill(`Ada's phone by ${way}`);
  await press(page, "Pair");
  const digits = await page.locator(".digits").textContent();
  expect(digits).toMatch(/^\d{6}$/);
  expect((await lan.app.pairing.look(id)).number).toBe(digits ?? "");
  await lan.app.pairing.confirm(atTerminal, id);
  await page.getByRole("link", { name: /Get Weather/ }).waitFor();
  const device = (await lan.app.devices.list("owner")).find(({ name }) => name === `Ada's phone by ${way}`);
  return device?.id ?? "";
}

async function seeWeather(page: Page): Promise<void> {
  await goTo(page, "tool/get_weather");
  await page.getByLabel("Location").fill("London");
  await press(page, "Get");
  await page.getByRole("heading", { name: /^London/ }).waitFor();
  expect(await page.locator(".days li").count()).toBe(7);
}

async function bookTable(page: Page): Promise<void> {
  await goTo(page, "tool/book_restaurant_public/book");
  await page.getByLabel("Restaurant name").fill("Chez Marie");
  await page.getByLabel("Date").fill("2030-12-04");
  await page.getByLabel("Time").fill("19:30");
  await page.getByLabel("Party size").fill("2");
  await page.getByText("More (3)").click();
  await page.getByLabel("Location").fill("Paris");
  await press(page, "Book");
  await page
    .getByRole("dialog")
    .getByText(/Chez Marie/)
    .first()
    .waitFor();
  await press(page, "Yes, do it");
  await page.locator(".result").getByText("yours to finish").waitFor();
}

async function readAndSendMail(page: Page): Promise<void> {
  await linkGoogle(page, "Gmail");
  await goTo(page, "tool/email_personal/search");
  await press(page, "Search");
  await page.locator(".result .row").first().click();
  await page.locator(".letter").waitFor();
  await press(page, "Back");
  await page.locator(".result .row").first().waitFor();
  await goTo(page, "tool/email_personal/send");
  await page.getByLabel(/^To/).fill("grace.hopper@example.com,");
  await page.getByLabel("Subject").fill("From the phone");
  await page.getByLabel(/^Body/).fill("Tea at four?");
  await press(page, "Send");
  await press(page, "Yes, do it");
  await page.getByText("Sent.", { exact: true }).waitFor();
}

/** Subjects of what left the mailbox. */
async function sentSubjects(): Promise<string[]> {
  const parameters = { action: "search", query: "in:sent", max_results: 50 };
  const outcome = await lan.app.execute({ tool: "email_personal", caller: owner, parameters });
  if (!outcome.ok) throw new Error(outcome.message);
  return (outcome.data as { messages: { subject: string }[] }).messages.map(({ subject }) => subject);
}

async function decideOnAgent(page: Page): Promise<void> {
  const { secret } = await lan.app.people.createToken(owner, { name: "agent", writes: "approve" });
  for (const [subject, button, told] of [
    ["By the agent, no", "Deny", "Denied: nothing was done."],
    ["By the agent, yes", "Approve", "Approved and done."],
  ] as const) {
    await goTo(page, "");
    await page.getByRole("heading", { name: "Tools", level: 1 }).waitFor();
    const parameters = { action: "send", to: ["grace.hopper@example.com"], subject, body: "I am an agent." };
    const asked = await fetch(`${lan.plain}/api/v1/mcp/tools/email_personal/execute`, {
      method: "POST",
      headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
      body: JSON.stringify({ parameters, voice_confirmations: parameters }),
    });
    expect(await asked.json()).toMatchObject({ error_code: "approval_required" });
    await page.getByText(/waits for your yes or no/).click();
    const card = page.getByRole("article", { name: new RegExp(subject) });
    await card.getByText("I am an agent.").waitFor();
    await card.getByRole("button", { name: button }).click();
    await page.getByText(told).waitFor();
    await card.waitFor({ state: "detached" });
  }
  const sent = await sentSubjects();
  expect([sent.includes("By the agent, no"), sent.includes("By the agent, yes")]).toEqual([false, true]);
  expect(sent).toContain("From the phone");
}

/** What a browser holds against putting what it shows on the home screen. */
async function obstaclesToInstalling(page: Page): Promise<string[]> {
  const tools = await page.context().newCDPSession(page);
  const { errors } = await tools.send("Page.getAppManifest");
  const { installabilityErrors } = await tools.send("Page.getInstallabilityErrors");
  await tools.detach();
  return [...errors.map(({ message }) => message), ...installabilityErrors.map(({ errorId }) => errorId)];
}

describe.skipIf(!isReady)(named("a phone that trusts the daemon's authority"), () => {
  test("without the authority the browser warns, and shows nothing of the page", async () => {
    await using person = await openOwnBrowser(phoneSize);
    const failure = await person.page.goto(lan.url()).catch((error: Error) => error.message);
    expect(failure).toContain("net::ERR_CERT_AUTHORITY_INVALID");
    expect(await person.page.getByRole("button", { name: "Pair" }).count()).toBe(0);
  });

  test("pairs by the link, works, approves and denies, opens offline, comes back, and is out when revoked", async () => {
    await using person = await openPhone();
    const { page, complaints } = person;
    const device = await pairBy(page, "link");
    expect(await page.evaluate("[isSecureContext, location.protocol]")).toEqual([true, "https:"]);
    await seeWeather(page);
    await bookTable(page);
    await readAndSendMail(page);
    await decideOnAgent(page);
    await page.evaluate("navigator.serviceWorker.ready.then(() => undefined)");
    expect(await obstaclesToInstalling(page)).toEqual([]);
    // Refusals that ask back are answers too, though a console counts them as errors.
    expect(complaints.filter((told) => !/status of 4(03|09|28)/.test(told))).toEqual([]);

    await page.context().setOffline(true);
    await page.reload();
    await page.getByText("Your computer does not answer").first().waitFor();
    await page.context().setOffline(false);
    await page.getByText("It is tried again by itself.").waitFor({ state: "detached" });
    await seeWeather(page);

    await lan.app.devices.revoke(atTerminal, device);
    await page.getByText("This phone is no longer paired. Pair it again.").waitFor();
    expect(await page.evaluate("JSON.stringify({...localStorage})")).toBe("{}");
    expect(complaints.filter((told) => /policy|Content Security|certificate|SSL/i.test(told))).toEqual([]);
  });

  test("pairs by the typed code", async () => {
    await using person = await openPhone();
    await pairBy(person.page, "code");
    await seeWeather(person.page);
    expect(person.complaints).toEqual([]);
    await person.page.goto(`${lan.url()}/lan`);
    expect(await obstaclesToInstalling(person.page)).toEqual(["no-manifest"]);
  });
});
