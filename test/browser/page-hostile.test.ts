import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { hasBrowser, openBrowser, withBrowser } from "../support/browser.ts";
import { owner } from "../support/home.ts";
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

  test("what an agent asks for is shown as text too, however it is written", async () => {
    await using server = await bootServer({ sandbox: true });
    const browser = await openBrowser();
    try {
      const person = await enterPage(server, browser);
      const { page } = person;
      const { secret } = await server.app.people.createToken(
        { ...owner, userId: "ada" },
        { name: "agent", writes: "approve" },
      );
      const text = `<img src=x onerror="window.pwned=1">invoice\u202egpj.exe ${"x".repeat(900)}`;
      const parameters = { action: "add", title: "<script>window.pwned=1</script>", text };
      const body = { parameters, voice_confirmations: parameters };
      const asked = await server.send({ path: "/api/v1/mcp/tools/notes/execute", auth: secret, body });
      expect(asked.json.error_code).toBe("approval_required");
      await goTo(page, "approvals");
      const card = page.locator("article");
      await card.getByText("<script>window.pwned=1</script>", { exact: true }).waitFor();
      await card.getByText("hold signs that cannot be seen").waitFor();
      const shown = (await card.textContent()) ?? "";
      expect(shown).toContain('<img src=x onerror="window.pwned=1">invoicegpj.exe xxx');
      expect(await card.locator("img, script, b").count()).toBe(0);
      expect(await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")).toBe(true);
      expect([await page.evaluate("window.pwned"), person.complaints]).toEqual([undefined, []]);
      await person.close();
    } finally {
      await browser.close();
    }
  });
});
