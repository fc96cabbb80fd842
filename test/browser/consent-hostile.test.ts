import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { hasBrowser, openBrowser, withBrowser } from "../support/browser.ts";
import { authorize, challenge, pageOf, redirectUri, register } from "../support/client.ts";
import { bootServer } from "../support/server.ts";
import { echo, toyAdapter } from "../support/toys.ts";

setDefaultTimeout(40_000);

describe.skipIf(!hasBrowser)(withBrowser("another site's page, in a browser of the person's"), () => {
  test("opens no wish, shows no page of ours inside itself, and a person who follows its link sees that page whole", async () => {
    await using server = await bootServer({
      adapters: [toyAdapter(echo)],
      env: { RATE_LIMIT_MAX: "100000", LOGIN_RATE_MAX: "1000" },
    });
    const { client_id: clientId } = (await register(server)).json;
    const { path } = await pageOf(server, clientId);
    const query = new URLSearchParams({
      response_type: "code",
      client_id: clientId,
      redirect_uri: redirectUri,
      code_challenge: challenge,
      code_challenge_method: "S256",
    });
    const wish = `${server.origin}/oauth/authorize?${query}`;
    const inside = [wish, server.origin + path]
      .map(
        (url) =>
          `<img src="${url}"><iframe src="${url}"></iframe><script src="${url}"></script><object data="${url}"></object>`,
      )
      .join("");
    const calls = `for (const url of ${JSON.stringify([wish, server.origin + path])})
      for (const mode of ["cors", "no-cors"])
        fetch(url, { mode }).then(() => document.title += " heard", () => document.title += " refused");`;
    await using evil = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: () =>
        new Response(`<title>evil</title>${inside}<a href="${server.origin}${path}">go</a><script>${calls}</script>`, {
          headers: { "content-type": "text/html" },
        }),
    });
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      const answers: [string, number][] = [];
      page.on("response", (response) => {
        if (response.url().startsWith(server.origin))
          answers.push([response.request().resourceType(), response.status()]);
      });
      await page.goto(`http://localhost:${evil.port}/`, { waitUntil: "load" });
      await page.waitForFunction("(document.title.match(/heard|refused/g) ?? []).length === 4");
      expect(answers.length).toBeGreaterThan(0);
      expect(answers.filter(([, status]) => status !== 403)).toEqual([]);
      for (const frame of page.frames().slice(1)) expect(await frame.locator(".number").count()).toBe(0);
      await page.getByText("go", { exact: true }).click();
      await page.locator(".number").waitFor();
      expect(await page.locator("h1").textContent()).toBe("Test Agent wants to use your tools");
      // One wish of ten is open: that of the beginning.
      for (let at = 0; at < 9; at++)
        expect((await authorize(server, clientId)).headers.get("location")).toMatch(/^\/oauth\/consent/);
      expect((await authorize(server, clientId)).headers.get("location")).toContain("temporarily_unavailable");
    } finally {
      await browser.close();
    }
  });
});
