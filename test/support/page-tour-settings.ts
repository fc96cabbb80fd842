import type { Page } from "playwright-core";
import { exchange, pageOf, register } from "./client.ts";
import { goTo, press } from "./page.ts";
import type { Look, Server } from "./page-tour.ts";

/** A program that asks, is let in, is listed, and is ended. */
export async function tourPrograms(server: Server, page: Page, look: Look): Promise<void> {
  await goTo(page, "programs");
  await page.getByText("No program is let in").waitFor();
  await look("no programs");
  const { client_id } = (await register(server)).json;
  const { path, number } = await pageOf(server, client_id);
  await page.getByLabel("The number on its page").fill(number);
  await press(page, "Look");
  await page.getByText("Test Agent").waitFor();
  await look("a program asks");
  await page.getByLabel("It may only read").check();
  await press(page, "Let in");
  await page.getByText("It is let in.").waitFor();
  const back = await server.send({ path, auth: null });
  await exchange(server, client_id, new URL(back.headers.get("location") ?? "").searchParams.get("code") ?? "");
  await goTo(page, "settings");
  await page.getByRole("link", { name: /^Programs/ }).click();
  await page.getByText("only reads").waitFor();
  await look("programs");
  page.once("dialog", (dialog) => void dialog.accept());
  await press(page, "End Test Agent");
  await page.getByText("Test Agent is out.").waitFor();
  await page.getByText("No program is let in").waitFor();
}

/** Places: none, one added by hand, more from a file, one removed. */
export async function tourPlaces(page: Page, look: Look): Promise<void> {
  await goTo(page, "places");
  await page.getByText("No place is saved").waitFor();
  await look("no places");
  await page.getByText("Add a place").click();
  await page.getByLabel("Name").fill("Ockham Park");
  await page.getByText(/^More \(/).click();
  await page.getByLabel("Label").fill("home");
  await page.getByLabel("Address").fill("Ockham, Surrey");
  await press(page, "Save");
  await page.getByText("Ockham Park is saved.").waitFor();
  await page.getByText("Take over a file").click();
  const rooms = Array.from({ length: 12 }, (_, at) => ({ name: `Tea room ${at + 1}`, note: "Good scones" }));
  const file = Buffer.from(JSON.stringify({ version: 1, saved_places: rooms }));
  await page
    .getByLabel("Google Takeout's zip, GeoJSON or CSV")
    .setInputFiles({ name: "places.json", mimeType: "application/json", buffer: file });
  await press(page, "Take over");
  await page.getByText("places.json is taken over. 12 added, 0 changed, 0 as before.").waitFor();
  await page.getByLabel("Find a place").fill("ock");
  await page.getByText("Tea room 1", { exact: true }).waitFor({ state: "detached" });
  await look("places");
  page.once("dialog", (dialog) => void dialog.accept());
  await press(page, "Remove Ockham Park");
  await page.getByText("No place is called that").waitFor();
}
