import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser } from "playwright-core";
import { hasBrowser, openBrowser, withBrowser } from "../support/browser.ts";
import { owner } from "../support/home.ts";
import { deskSize, enterPage, goTo, phoneSize } from "../support/page.ts";
import { bootServer } from "../support/server.ts";

setDefaultTimeout(40_000);
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

const enter = (options = phoneSize) => enterPage(server, browser, options);
type Person = Awaited<ReturnType<typeof enter>>;

/** The console also tells of refusals, which are answers like others. */
const serious = ({ complaints }: Person): string[] => complaints.filter((told) => !/status of 4\d\d/.test(told));

async function listNotes(): Promise<string[]> {
  const session = { ...owner, userId: "ada" };
  const outcome = await server.app.execute({ tool: "notes", caller: session, parameters: { action: "list" } });
  if (!outcome.ok) throw new Error(outcome.message);
  return (outcome.data as { notes: { title: string }[] }).notes.map(({ title }) => title);
}

describe.skipIf(!hasBrowser)(withBrowser("the page"), () => {
  test.each([
    ["a phone", phoneSize],
    ["a computer", deskSize],
  ])("on %s lists tools by category, finds one and runs it", async (_name, size) => {
    const person = await enter(size);
    const { page } = person;
    await page.getByRole("heading", { name: "Weather", level: 2 }).waitFor();
    const email = page.getByRole("link", { name: /^Email/ });
    expect(await email.textContent()).toContain("needs login");
    await page.getByLabel("Find a tool").fill("forecast");
    await email.waitFor({ state: "detached" });
    await page.getByRole("link", { name: /Get Weather/ }).click();
    await page.getByRole("button", { name: "Get", exact: true }).click();
    await page.getByText("Location is needed").waitFor();
    await page.getByLabel("Location").fill("London");
    await page.getByRole("button", { name: "Get", exact: true }).click();
    await page.getByRole("heading", { name: /^London/ }).waitFor();
    expect(await page.locator(".days li").count()).toBe(7);
    expect(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")).toBe(true);
    expect([serious(person), person.hosts()]).toEqual([[], ["127.0.0.1"]]);
    await person.close();
  });

  test("a write is asked about, and only a yes does it", async () => {
    const person = await enter();
    const { page } = person;
    await goTo(page, "tool/notes/add");
    for (const [title, answer] of [
      ["Refused", "No"],
      ["Refused too", "Escape"],
      ["Kept", "Yes, do it"],
    ] as const) {
      await page.getByLabel("Title").fill(title);
      await page.getByRole("button", { name: "Add", exact: true }).click();
      const dialog = page.getByRole("dialog", { name: "Please confirm" });
      await dialog.getByText(`Add a note “${title}”?`).waitFor();
      if (answer === "Escape") await page.keyboard.press("Escape");
      else await dialog.getByRole("button", { name: answer }).click();
      if (answer === "Yes, do it") await page.locator(".result").getByText("Kept").waitFor();
      else await page.getByText("You said no, so nothing was done.").waitFor();
    }
    const titles = await listNotes();
    expect(titles).toContain("Kept");
    expect(titles.filter((title) => title.startsWith("Refused"))).toEqual([]);
    expect(serious(person)).toEqual([]);
    await person.close();
  });

  test.each([
    ["yes please", true],
    ["no", false],
  ])("a question is read aloud, and the word “%s” answers it", async (word, isDone) => {
    const person = await enter();
    const { page } = person;
    // A browser without a window has neither voice nor microphone, so both ends are ours.
    await page.addInitScript(`
      window.said = [];
      speechSynthesis.speak = (spoken) => { said.push(spoken.text); spoken.dispatchEvent(new Event("end")); };
      window.SpeechRecognition = class extends EventTarget {
        start() { setTimeout(() => this.dispatchEvent(Object.assign(new Event("result"), { results: [[{ transcript: "${word}" }]] }))); }
        abort() {}
      };`);
    await page.reload();
    await goTo(page, "tool/notes/add");
    await page.getByLabel("Title").fill(`Spoken ${word}`);
    await page.getByRole("button", { name: "Add", exact: true }).click();
    await page.getByRole("button", { name: "Answer by voice" }).click();
    if (isDone) await page.locator(".result").getByText(`Spoken ${word}`).waitFor();
    else await page.getByText("You said no, so nothing was done.").waitFor();
    expect((await page.evaluate<string[]>("said"))[0]).toBe(`Add a note “Spoken ${word}”?`);
    expect((await listNotes()).includes(`Spoken ${word}`)).toBe(isDone);
    expect(serious(person)).toEqual([]);
    await person.close();
  });

  test("a booking is handed off with links and a calendar file", async () => {
    const person = await enter();
    const { page } = person;
    await goTo(page, "tool/book_restaurant_public/book");
    await page.getByLabel("Restaurant name").fill("Chez Marie");
    await page.getByLabel("Date").fill("2030-12-04");
    await page.getByLabel("Time").fill("19:30");
    await page.getByLabel("Party size").fill("2");
    await page.getByText("More (3)").click();
    await page.getByLabel("Location").fill("Paris");
    await page.getByRole("button", { name: "Book", exact: true }).click();
    await page.getByRole("button", { name: "Yes, do it" }).click();
    await page.locator(".result article").waitFor();
    const [saved] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: /\.ics/ }).click(),
    ]);
    expect(saved.suggestedFilename()).toMatch(/^bkg_.*\.ics$/);
    expect(await Bun.file(await saved.path()).text()).toStartWith("BEGIN:VCALENDAR");
    for (const link of await page.locator(".result a").all()) {
      expect(await link.getAttribute("rel")).toContain("noopener");
      expect(await link.getAttribute("href")).toMatch(/^(https?|mailto|tel):/);
    }
    await page.getByRole("link", { name: "List", exact: true }).click();
    await page.getByRole("button", { name: "List", exact: true }).click();
    await page.locator(".result").getByText("Chez Marie").first().waitFor();
    expect(serious(person)).toEqual([]);
    await person.close();
  });

  test("a sentence becomes a filled form, and runs nothing", async () => {
    const person = await enter();
    const { page } = person;
    await page.getByLabel("Say what you want").fill("What is the weather in London?");
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await page.getByRole("heading", { name: "Get Weather" }).waitFor();
    expect(await page.getByLabel("Location").inputValue()).toBe("London");
    expect(await page.locator(".result").count()).toBe(0);
    await goTo(page, "");
    await page.getByLabel("Say what you want").fill("qwertz");
    await page.getByRole("button", { name: "Ask", exact: true }).click();
    await page.locator(".ask [role=status]").waitFor();
    expect(serious(person)).toEqual([]);
    await person.close();
  });

  test("an agent's write arrives live, and is done or not as the person says", async () => {
    const { secret } = await server.app.people.createToken(
      { ...owner, userId: "ada" },
      { name: "agent", writes: "approve" },
    );
    const person = await enter();
    const { page } = person;
    const askFor = (title: string) =>
      server.send({
        path: "/api/v1/mcp/tools/notes/execute",
        auth: secret,
        body: { parameters: { action: "add", title }, voice_confirmations: { action: true, title: true } },
      });
    for (const [title, button, told] of [
      ["By an agent, no", "Deny", "Denied: nothing was done."],
      ["By an agent, yes", "Approve", "Approved and done."],
    ] as const) {
      await goTo(page, "");
      await page.getByRole("heading", { name: "Tools", level: 1 }).waitFor();
      expect((await askFor(title)).json.error_code).toBe("approval_required");
      await page.getByText(/waits for your yes or no/).click();
      const card = page.getByRole("article", { name: `Add a note “${title}”?` });
      await card.getByText(title, { exact: true }).waitFor();
      await card.getByRole("button", { name: button }).click();
      await page.getByText(told).waitFor();
      await card.waitFor({ state: "detached" });
    }
    const titles = await listNotes();
    expect([titles.includes("By an agent, no"), titles.includes("By an agent, yes")]).toEqual([false, true]);
    expect(serious(person)).toEqual([]);
    await person.close();
  });

  test("a service without a login of persons asks for its token, and a wrong one is refused", async () => {
    const person = await enter();
    const { page } = person;
    await goTo(page, "accounts");
    await page.getByRole("button", { name: "Link WhatsApp" }).click();
    await page.getByLabel("Token of WhatsApp").fill("not-a-token");
    await page.getByRole("button", { name: "Link by this token" }).click();
    await page
      .getByText(/does not take this token|invalid/i)
      .first()
      .waitFor();
    expect(await page.getByLabel("Token of WhatsApp").inputValue()).toBe("");
    expect(serious(person)).toEqual([]);
    await person.close();
  });

  test("whose session ends is out at once, and keeps nothing of it", async () => {
    const person = await enter();
    const { page } = person;
    await page.getByRole("heading", { name: "Weather", level: 2 }).waitFor();
    const kept = await page.evaluate<string>("localStorage.getItem('mcqueen.session')");
    await server.app.people.logOut(owner, JSON.parse(kept).session_id);
    await page.getByText("Your session has ended. Log in again.").waitFor();
    expect(await page.evaluate("JSON.stringify({...localStorage})")).toBe("{}");
    await person.close();
  });

  test("logging out ends the session at the computer too", async () => {
    const person = await enter();
    const { page } = person;
    const { session_id } = JSON.parse(await page.evaluate<string>("localStorage.getItem('mcqueen.session')"));
    await goTo(page, "settings");
    await page.getByRole("button", { name: "Log out" }).click();
    await page.getByRole("heading", { name: "Pair this phone" }).waitFor();
    expect(await server.app.people.identify(session_id)).toBeUndefined();
    await page.reload();
    await page.getByRole("heading", { name: "Pair this phone" }).waitFor();
    await person.close();
  });

  test("without the computer its shell still opens and says so, and comes back by itself", async () => {
    const person = await enter();
    const { page } = person;
    await page.evaluate("navigator.serviceWorker.ready.then(() => undefined)");
    await page.context().setOffline(true);
    await page.reload();
    await page.getByText("Your computer does not answer").first().waitFor();
    await page.getByText("Is this phone in its network").waitFor();
    await page.context().setOffline(false);
    await page.getByText("It is tried again by itself.").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("link", { name: /Get Weather/ }).waitFor();
    const names = await page.evaluate<string[]>(
      "caches.keys().then(async ([name]) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname))",
    );
    expect(names.filter((name) => name.startsWith("/api"))).toEqual([]);
    expect(names).toContain("/web/page.js");
    await person.close();
  });

  test("whoever opens a place by the keyboard goes on in it, and its name is the title", async () => {
    const person = await enter();
    const { page } = person;
    await page.getByRole("link", { name: /Get Weather/ }).focus();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Get Weather" }).waitFor();
    await page.waitForFunction("document.title === 'Get weather – mcqueen'");
    await page.waitForFunction("document.activeElement?.id === 'content'");
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement?.textContent.trim()")).toBe("All tools");
    expect(serious(person)).toEqual([]);
    await person.close();
  });

  test("a day and a time are typed in words, or picked", async () => {
    const person = await enter();
    const { page } = person;
    await goTo(page, "tool/calendar_personal/create_event");
    const start = page.getByLabel(/^Start date/);
    await start.fill("next friday at noon");
    await page.getByRole("button", { name: "Pick start date" }).click();
    await page.locator(".picker input").first().fill("2030-12-04T15:00");
    expect(await start.inputValue()).toBe("2030-12-04 15:00");
    expect(serious(person)).toEqual([]);
    await person.close();
  });

  test("settings of a tool and of the page are kept", async () => {
    const person = await enter();
    const { page } = person;
    await goTo(page, "tool/get_weather");
    await page.getByText("Settings of Get Weather").click();
    await page.getByLabel("Switched on").waitFor();
    await page.getByLabel("Units").last().selectOption("imperial");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByText("Saved.").waitFor();
    const config = await server.app.readConfig("ada", "get_weather");
    expect(config).toMatchObject({ custom_settings: { units: "imperial" } });
    await page.getByRole("button", { name: "Back to the defaults" }).click();
    await goTo(page, "settings");
    await page.getByLabel("Colours").selectOption("dark");
    await page.reload();
    await page.getByLabel("Colours").waitFor();
    expect(await page.evaluate("document.documentElement.dataset.theme")).toBe("dark");
    expect(serious(person)).toEqual([]);
    await person.close();
  });
});
