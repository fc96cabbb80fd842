import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { hasBrowser, openBrowser, withBrowser } from "../support/browser.ts";
import { hostileOutline, hostileSearch } from "../support/hostile.ts";
import { enterPage, goTo } from "../support/page.ts";
import { bootServer } from "../support/server.ts";
import { toyAdapter } from "../support/toys.ts";

setDefaultTimeout(40_000);

describe.skipIf(!hasBrowser)(withBrowser("results that mean harm"), () => {
  test("are shown as text and do nothing", async () => {
    await using server = await bootServer({ adapters: [toyAdapter(hostileSearch, hostileOutline)] });
    const browser = await openBrowser();
    try {
      const person = await enterPage(server, browser);
      const { page } = person;
      for (const [tool, button] of [
        ["web_search", "Search"],
        ["tricks", "Go"],
      ] as const) {
        await goTo(page, `tool/${tool}`);
        await page.getByRole("button", { name: button, exact: true }).click();
        await page.locator(".result").waitFor();
        const shown = (await page.locator(".result").textContent()) ?? "";
        expect(shown).toContain('<img src=x onerror="window.pwned=1">');
        expect([..."\u0000\u001b\u200b\u202e\u2066"].filter((sign) => shown.includes(sign))).toEqual([]);
        expect(shown.length).toBeLessThan(60_000);
        expect(await page.locator(".result img, .result script, .result b").count()).toBe(0);
        expect(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")).toBe(true);
      }
      await goTo(page, "tool/web_search");
      await page.getByRole("button", { name: "Search", exact: true }).click();
      await page.locator(".result a").first().waitFor();
      const hrefs = await page
        .locator(".result a")
        .evaluateAll((links) => links.map((link) => link.getAttribute("href")));
      expect(hrefs).toEqual(["https://example.org/"]);
      expect(await page.evaluate("[window.pwned, ({}).polluted]")).toEqual([undefined, undefined]);
      expect([person.complaints, person.hosts()]).toEqual([[], ["127.0.0.1"]]);
      await person.close();
    } finally {
      await browser.close();
    }
  });
});
