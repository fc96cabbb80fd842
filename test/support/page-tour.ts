import type { Page } from "playwright-core";
import { consentAs } from "./browser.ts";
import { owner } from "./home.ts";
import { goTo, press } from "./page.ts";
import { tourPlaces, tourPrograms } from "./page-tour-settings.ts";
import type { bootServer } from "./server.ts";

export type Server = Awaited<ReturnType<typeof bootServer>>;

/** Hears of each view of the page when it stands. */
export type Look = (name: string) => Promise<void>;

/** A form that is filled and sent, and what shows that its result stands. */
interface Run {
  name: string;
  place: string;
  fill?: Record<string, string>;
  press: string;
  shows: string;
}

/** Each kind of result, and what stands instead where there is none. */
const runs: readonly Run[] = [
  { name: "weather", place: "tool/get_weather", fill: { Location: "London" }, press: "Get", shows: ".days li" },
  { name: "refusal", place: "tool/get_weather", fill: { Location: "Xyzzyplugh" }, press: "Get", shows: ".note.bad" },
  {
    name: "route",
    place: "tool/maps_hybrid/directions",
    fill: { Origin: "Louvre, Paris", Destination: "Gare du Nord, Paris" },
    press: "Directions",
    shows: ".steps",
  },
  {
    name: "places found",
    place: "tool/maps_hybrid/search_places",
    fill: { Query: "cafe", Near: "Paris" },
    press: "Search places",
    shows: ".result",
  },
  { name: "web search", place: "tool/web_search", fill: { Query: "tea" }, press: "Search", shows: ".result" },
  { name: "notes", place: "tool/notes/list", press: "List", shows: ".result" },
  { name: "agenda", place: "tool/calendar_personal/get_events", press: "Get events", shows: ".result .days li" },
  { name: "free and busy", place: "tool/calendar_personal/free_busy", press: "Free busy", shows: ".result section" },
  { name: "labels of mail", place: "tool/email_personal/list_labels", press: "List labels", shows: ".chips" },
  { name: "channels", place: "tool/slack_personal/list_channels", press: "List channels", shows: ".result" },
  {
    name: "conversation",
    place: "tool/slack_personal/read",
    fill: { Channel: "#general" },
    press: "Read",
    shows: ".result .said",
  },
  { name: "profile", place: "tool/linkedin_personal/profile", press: "Profile", shows: ".outcome > *" },
  { name: "messages", place: "tool/whatsapp_personal/read", press: "Read", shows: ".result .said" },
];

async function run(page: Page, { place, fill = {}, press: button, shows }: Run): Promise<void> {
  await goTo(page, "");
  await page.getByRole("heading", { name: "Tools", level: 1 }).waitFor();
  await goTo(page, place);
  await page.getByRole("button", { name: button, exact: true }).waitFor();
  const form = page.locator("main section form");
  for (const [label, text] of Object.entries(fill)) {
    const input = form.getByLabel(label).first();
    if (!(await input.isVisible())) await form.getByText(/^More \(/).click();
    await input.fill(text);
  }
  await press(page, button);
  await page.locator(shows).first().waitFor();
}

/** Links a service of Google's as a person does on the page: a new tab, the consent, and the address pasted. */
export async function linkGoogle(
  page: Page,
  service: "Gmail" | "Google Calendar",
  look: Look = async () => undefined,
): Promise<void> {
  await goTo(page, "accounts");
  await press(page, `Link ${service}`);
  const login = page.getByRole("link", { name: "Open the login in a new tab" });
  await login.waitFor();
  await look("linking an account");
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

/** Mail from the list to one that is sent, with a file. */
async function tourMail(page: Page, look: Look): Promise<void> {
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
  const file = { name: "plan of the engine.txt", mimeType: "text/plain", buffer: Buffer.from("cogs") };
  await page.getByLabel("Attachments").setInputFiles(file);
  await page.getByRole("button", { name: "Remove plan of the engine.txt" }).waitFor();
  await look("mail form with a file");
  await press(page, "Send");
  await page.getByRole("dialog").waitFor();
  await look("confirmation");
  await press(page, "Yes, do it");
  await page.getByText("Sent.", { exact: true }).waitFor();
  await look("mail sent");
}

/** A table that is asked about, handed off and listed. */
async function tourBooking(page: Page, look: Look): Promise<void> {
  await goTo(page, "tool/book_restaurant_public/book");
  await page.getByRole("button", { name: "Book", exact: true }).click();
  await page.getByText("Date is needed").waitFor();
  await look("a form with problems");
  await page.getByLabel("Restaurant name").fill("Chez Marie");
  await page.getByLabel("Date").fill("2030-12-04");
  await page.getByLabel("Time").fill("19:30");
  await page.getByLabel("Party size").fill("2");
  await page.getByText(/^More \(/).click();
  await page.getByLabel("Location").fill("Paris");
  await press(page, "Book");
  await press(page, "No");
  await page.getByText("You said no, so nothing was done.").waitFor();
  await look("declined");
  await press(page, "Book");
  await press(page, "Yes, do it");
  await page.locator(".result article").waitFor();
  await look("booking");
  await goTo(page, "tool/book_restaurant_public/list");
  await press(page, "List");
  await page.locator(".result article").first().waitFor();
  await look("bookings");
  await page.getByText("Settings of Book a Restaurant").click();
  await page.getByLabel("Switched on").waitFor();
  await look("tool settings");
}

/** An agent's write: elsewhere, at its place, and what came of it. */
async function tourApprovals(server: Server, page: Page, look: Look): Promise<void> {
  await goTo(page, "approvals");
  await page.getByText("Nothing waits for you").waitFor();
  await look("no approvals");
  const { secret, token } = await server.app.people.createToken(owner, { name: "agent", writes: "approve" });
  const asked = { action: "add", title: "By an agent", text: "The engine weaves patterns, as the loom does flowers." };
  const body = { parameters: asked, voice_confirmations: { action: true, title: true } };
  await server.send({ path: "/api/v1/mcp/tools/notes/execute", auth: secret, body });
  await page.getByRole("button", { name: "Approve" }).waitFor();
  await look("an approval");
  await goTo(page, "history");
  await page.getByText("Something waits for your yes or no").waitFor();
  await look("an approval elsewhere");
  await page.getByText("Something waits for your yes or no").click();
  await press(page, "Approve");
  await page.getByText("Approved and done.").waitFor();
  await look("approved");
  await server.app.people.revokeToken(owner, token.id);
}

/** The front: what is said in words, searched for, and not there. */
async function tourTools(page: Page, look: Look): Promise<void> {
  await goTo(page, "");
  await page.getByRole("link", { name: /Get Weather/ }).waitFor();
  await look("tools");
  await page.getByLabel("Find a tool").fill("qwertz");
  await page.getByText("No tool is about that").waitFor();
  await look("no tool found");
  await page.getByLabel("Find a tool").fill("");
  await page.getByLabel("Say what you want").fill("qwertz");
  await press(page, "Ask");
  await page.locator(".ask [role=status]").waitFor();
  await look("not understood");
  await goTo(page, "nowhere");
  await page.getByText("There is nothing here").waitFor();
  await look("nowhere");
  await goTo(page, "tool/teapot");
  await page.locator(".note.bad").waitFor();
  await look("no such tool");
}

/** Waiting, and a computer that does not answer. */
async function tourTroubles(page: Page, look: Look): Promise<void> {
  const held = Promise.withResolvers<void>();
  await page.route("**/api/v1/auth/services", async (route) => {
    await held.promise;
    await route.abort();
  });
  await goTo(page, "accounts");
  await page.getByText("Loading…").waitFor();
  await look("loading");
  held.resolve();
  await page.getByText("It is tried again by itself.").waitFor();
  await page.getByText("Is this phone in its network").waitFor();
  await look("offline");
  await page.unroute("**/api/v1/auth/services");
  await press(page, "Try again");
  await page.getByRole("heading", { name: "Gmail" }).waitFor();
}

/** What a stranger sees, and the steps of pairing up to the digits. */
export async function tourEntrance({ app, origin }: Server, page: Page, look: Look): Promise<void> {
  await page.goto(origin);
  await page.getByText("Log in with a token").click();
  await look("entrance");
  await page.getByLabel("Link or code").fill("hello");
  await press(page, "Pair");
  await page.getByText("That is no link of mcqueen pair").waitFor();
  await look("no link");
  const { id, code } = await app.pairing.open({ ...owner, interactive: true }, { via: "loopback" }, {});
  await page.goto(`${origin}/pair#${code}`);
  await page.getByRole("button", { name: "Pair" }).waitFor();
  await look("pairing by a link");
  await press(page, "Pair");
  await page.locator(".digits").waitFor();
  await look("digits");
  await app.pairing.refuse({ ...owner, interactive: true }, id);
  await page.locator(".note.bad").waitFor();
  await look("pairing refused");
}

/** Every view of a person who is logged in as the owner. */
export async function tourPage(server: Server, page: Page, look: Look): Promise<void> {
  await tourTools(page, look);
  await tourApprovals(server, page, look);
  await goTo(page, "accounts");
  await page.getByRole("heading", { name: "Gmail" }).waitFor();
  await look("accounts");
  await linkGoogle(page, "Gmail", look);
  await look("a linked account");
  await tourMail(page, look);
  await tourBooking(page, look);
  await linkGoogle(page, "Google Calendar");
  const message = { action: "send", to: "+12025550147", template: "hello_world", language: "en_US" };
  await server.app.execute({ tool: "whatsapp_personal", caller: owner, parameters: message, confirmations: message });
  for (const each of runs) {
    await run(page, each);
    await look(each.name);
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
  await page.locator("#devices-title ~ ul li").first().waitFor();
  await look("settings");
  await tourPrograms(server, page, look);
  await tourPlaces(page, look);
  await tourTroubles(page, look);
}
