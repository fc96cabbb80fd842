import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { consentAs, hasBrowser, openBrowser, openPerson, withBrowser } from "../support/browser.ts";
import { owner } from "../support/home.ts";
import { deskSize, enterPage, goTo, phoneSize, watchPolicy } from "../support/page.ts";
import { bootServer } from "../support/server.ts";

setDefaultTimeout(90_000);
const env = { RATE_LIMIT_MAX: "10000", RATE_LIMIT_SESSION_MAX: "10000", LOGIN_RATE_MAX: "1000" };

let browser: Browser;
let server: Awaited<ReturnType<typeof bootServer>>;
beforeAll(async () => {
  if (!hasBrowser) return;
  browser = await openBrowser();
  server = await bootServer({ sandbox: true, env });
});
afterAll(async () => {
  await browser?.close();
  await server?.[Symbol.asyncDispose]();
});

/** What axe finds wrong, each with where. Run by the debugger, since the page's policy lets no foreign script in. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  return page.evaluate<string[]>(`axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => id + " at " + target + ": " + failureSummary)))`);
}

const press = (page: Page, name: string): Promise<void> => page.getByRole("button", { name, exact: true }).click();

/** Links Google as a person does on the page: a new tab, the consent, and the address pasted. */
async function linkGmail(page: Page): Promise<void> {
  await goTo(page, "accounts");
  await press(page, "Link Gmail");
  const login = page.getByRole("link", { name: "Open the login in a new tab" });
  const [tab] = await Promise.all([page.context().waitForEvent("page"), login.click()]);
  await tab.waitForLoadState();
  await consentAs({ page: tab }, tab.url());
  await tab.locator("#main-frame-error").waitFor();
  const tools = await page.context().newCDPSession(tab);
  const { entries, currentIndex } = await tools.send("Page.getNavigationHistory");
  await tab.close();
  await page.getByLabel("The address where it ended").fill(entries[currentIndex]?.url ?? "");
  await press(page, "Finish");
  await page.getByText("Linked ada.lovelace@example.com.").waitFor();
}

describe.skipIf(!hasBrowser)(withBrowser("each view of the page"), () => {
  test.each([
    ["a phone, light", { ...phoneSize, colorScheme: "light" }],
    ["a phone, dark", { ...phoneSize, colorScheme: "dark" }],
    ["a computer, light", { ...deskSize, colorScheme: "light" }],
    ["a computer, dark", { ...deskSize, colorScheme: "dark" }],
  ] as const)("on %s: mail is linked, found, read and sent; axe finds nothing", async (_name, options) => {
    const found: Record<string, string[]> = {};
    const stranger = await openPerson(browser, options);
    await watchPolicy(stranger.page, stranger.complaints);
    await stranger.page.goto(server.origin);
    await stranger.page.getByText("Log in with a token").click();
    found.entrance = await violations(stranger.page);
    await stranger.close();

    const person = await enterPage(server, browser, options);
    const { page } = person;
    const look = async (name: string): Promise<void> => {
      found[name] = await violations(page);
      const fits = await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth");
      if (!fits) found[name]?.push("it is wider than the screen");
    };
    await page.getByRole("link", { name: /Get Weather/ }).waitFor();
    await look("tools");
    await goTo(page, "approvals");
    await page.getByText("Nothing waits for you").waitFor();
    await look("no approvals");
    const by = { ...owner, userId: "ada" };
    const { secret, token } = await server.app.people.createToken(by, { name: "agent", writes: "approve" });
    const asked = { action: "add", title: "By an agent" };
    const body = { parameters: asked, voice_confirmations: { action: true, title: true } };
    await server.send({ path: "/api/v1/mcp/tools/notes/execute", auth: secret, body });
    await page.getByRole("button", { name: "Approve" }).waitFor();
    await look("an approval");
    await goTo(page, "history");
    await page.getByText("Something waits for your yes or no").waitFor();
    await look("an approval elsewhere");
    await goTo(page, "approvals");
    await page.getByRole("button", { name: "Deny" }).click();
    await page.getByText("Denied: nothing was done.").waitFor();
    await server.app.people.revokeToken(by, token.id);
    await linkGmail(page);
    await look("accounts");
    await goTo(page, "tool/email_personal/search");
    await press(page, "Search");
    await page.locator(".result .row").first().waitFor();
    await look("mail list");
    await page.locator(".result .row").first().click();
    await page.locator(".letter").waitFor();
    await look("mail");
    await goTo(page, "tool/email_personal/send");
    await page.getByLabel(/^To/).fill("Grace <grace.hopper@example.com>, bob@example.com,");
    await page.getByLabel(/^Body/).fill("Tea at four?\nAda");
    await page.getByText(/^More \(/).click();
    await page.getByLabel("Subject").fill("Tea");
    await look("mail form");
    await press(page, "Send");
    await page.getByRole("dialog").waitFor();
    await look("confirmation");
    await press(page, "Yes, do it");
    await page.getByText("Sent.", { exact: true }).waitFor();
    for (const [place, button, shown] of [
      ["tool/get_weather", "Get", ".days"],
      ["tool/maps_hybrid/directions", "Directions", ".steps"],
      ["tool/web_search", "Search", ".result"],
      ["tool/calendar_personal/get_events", "Get events", ".note.bad"],
      ["tool/notes/list", "List", ".result"],
    ] as const) {
      await goTo(page, place);
      await page.getByRole("button", { name: button, exact: true }).waitFor();
      for (const [label, text] of [
        ["Location", "London"],
        ["Origin", "Louvre, Paris"],
        ["Destination", "Gare du Nord, Paris"],
        ["Query", "tea"],
      ] as const) {
        const input = page.getByLabel(label);
        if ((await input.count()) > 0 && (await input.first().isVisible())) await input.first().fill(text);
      }
      await press(page, button);
      await page.locator(shown).first().waitFor();
      await look(place);
    }
    await goTo(page, "history");
    await page.locator(".rows details").first().waitFor();
    await page.locator(".days li").first().waitFor();
    await look("history");
    await goTo(page, "settings");
    await page
      .getByRole("button", { name: /^End the session/ })
      .first()
      .waitFor();
    await page.getByText("No phone is paired").waitFor();
    await look("settings");
    await goTo(page, "tool/book_restaurant_public/book");
    await page.getByText("Settings of Book a Restaurant").click();
    await page.getByLabel("Switched on").waitFor();
    await look("tool settings");

    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, []])));
    const serious = person.complaints.filter((told) => !/status of 4\d\d/.test(told));
    expect([serious, stranger.complaints]).toEqual([[], []]);
    await person.close();
    await server.app.accounts.unlinkAll(owner, "ada");
  });

  test("axe looks: what is planted is found", async () => {
    const person = await enterPage(server, browser);
    await person.page.evaluate(`document.getElementById("content").append(document.createElement("img"))`);
    expect((await violations(person.page)).join("\n")).toContain("image-alt");
    await person.close();
  });

  test("its time to interactive, on a phone four times slower, is printed", async () => {
    const person = await openPerson(browser, phoneSize);
    const tools = await person.page.context().newCDPSession(person.page);
    await tools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
    await person.page.goto(server.origin);
    await person.page.getByRole("button", { name: "Pair" }).waitFor();
    const [drawn] = await person.page.evaluate<number[]>(
      "[performance.getEntriesByType('paint').find(({ name }) => name === 'first-contentful-paint')?.startTime ?? -1]",
    );
    const ready = await person.page.evaluate<number>("performance.getEntriesByType('navigation')[0].domComplete");
    process.stderr.write(
      `page with 4x CPU throttling: drawn ${drawn?.toFixed(0)} ms, interactive ${ready.toFixed(0)} ms\n`,
    );
    expect(ready).toBeGreaterThan(0);
    await person.close();
  });
});
