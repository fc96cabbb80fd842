import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { binary, run } from "./support/binary.ts";
import { hasBrowser, openBrowser, openPerson, withBrowser } from "./support/browser.ts";
import { createHome } from "./support/home.ts";
import { phoneSize, watchPolicy } from "./support/page.ts";
import { bootServer } from "./support/server.ts";

setDefaultTimeout(60_000);
const paths = ["/", "/pair", "/worker.js"].concat(
  ["page.js", "page.css", "manifest.webmanifest", "icon.svg", "icon-192.png", "icon-512.png"].map(
    (name) => `/web/${name}`,
  ),
);

let home: ReturnType<typeof createHome>;
let origin = "";
const at = (...words: string[]) => run(["--sandbox", ...words], { home: home.path });
beforeAll(async () => {
  home = createHome();
  await binary();
  origin = (await at("daemon", "start", "--port", "0", "--json")).json.data.url;
});
afterAll(async () => {
  await at("daemon", "stop");
  home[Symbol.dispose]();
});

test("the binary holds the very page that the sources do", async () => {
  await using server = await bootServer();
  for (const path of paths) {
    const [own, other] = await Promise.all([fetch(origin + path), fetch(server.origin + path)]);
    expect([path, own.status, own.headers.get("etag")]).toEqual([path, 200, other.headers.get("etag")]);
    expect(own.headers.get("content-security-policy")).toStartWith("default-src 'none'; script-src 'self';");
    expect(await own.bytes()).toEqual(await other.bytes());
  }
});

test.skipIf(!hasBrowser)(withBrowser("its page logs in and runs a tool"), async () => {
  await at("users", "add", "ada");
  const token = (await at("users", "token", "ada")).out.trim();
  const browser = await openBrowser();
  try {
    const person = await openPerson(browser, phoneSize);
    const { page } = person;
    await watchPolicy(page, person.complaints);
    await page.goto(origin);
    await page.getByText("Log in with a token").click();
    await page.getByLabel("User").fill("ada");
    await page.getByLabel("Token").fill(token);
    await page.getByRole("button", { name: "Log in" }).click();
    await page.getByRole("link", { name: /Get Weather/ }).click();
    await page.getByLabel("Location").fill("London");
    await page.getByRole("button", { name: "Get", exact: true }).click();
    await page.getByRole("heading", { name: /^London/ }).waitFor();
    expect([person.complaints, person.hosts()]).toEqual([[], ["127.0.0.1"]]);
  } finally {
    await browser.close();
  }
});
