import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { openPerson } from "./browser.ts";
import { owner } from "./home.ts";
import type { bootServer } from "./server.ts";

type Server = Awaited<ReturnType<typeof bootServer>>;

export const phoneSize: BrowserContextOptions = {
  viewport: { width: 390, height: 844 },
  isMobile: true,
  hasTouch: true,
  deviceScaleFactor: 2,
};
export const deskSize: BrowserContextOptions = { viewport: { width: 1280, height: 800 } };

/** What `mcqueen users token` prints; makes the user first. */
async function tokenFor({ app }: Server, userId: string): Promise<string> {
  if (!(await app.findUser(userId))) await app.people.addUser(owner, { id: userId, role: "member" });
  const atTerminal = { ...owner, credentialId: "terminal", interactive: true };
  return (await app.people.loginToken(atTerminal, userId, {})).token;
}

/** A person at the page, logged in; every broken security policy becomes a complaint. */
export async function enterPage(
  server: Server,
  browser: Browser,
  options: BrowserContextOptions = phoneSize,
  userId = "ada",
) {
  const person = await openPerson(browser, options);
  await watchPolicy(person.page, person.complaints);
  await logInOn(server, person.page, userId);
  return person;
}

export async function watchPolicy(page: Page, complaints: string[]): Promise<void> {
  await page.exposeFunction("noteViolation", (told: string) => complaints.push(told));
  await page.addInitScript(`addEventListener("securitypolicyviolation", (event) =>
    noteViolation("policy: " + event.violatedDirective + " " + event.blockedURI))`);
}

async function logInOn(server: Server, page: Page, userId: string): Promise<void> {
  await page.goto(server.origin);
  await page.getByText("Log in with a token").click();
  await page.getByLabel("User").fill(userId);
  await page.getByLabel("Token").fill(await tokenFor(server, userId));
  await page.getByRole("button", { name: "Log in" }).click();
  await page.getByRole("heading", { name: "Tools", level: 1 }).waitFor();
}

/** Opens a place of the page by its address. */
export async function goTo(page: Page, place: string): Promise<void> {
  await page.evaluate(`location.assign("#/${place}")`);
}

export const press = (page: Page, name: string): Promise<void> =>
  page.getByRole("button", { name, exact: true }).click();
