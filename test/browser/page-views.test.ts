import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import axe from "axe-core";
import type { Browser, Page } from "playwright-core";
import { hasBrowser, openBrowser, openPerson, withBrowser } from "../support/browser.ts";
import { deskSize, enterPage, phoneSize, watchPolicy } from "../support/page.ts";
import { tourEntrance, tourPage } from "../support/page-tour.ts";
import { bootServer } from "../support/server.ts";

setDefaultTimeout(240_000);
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

/** What of a view a thumb would miss: all that is pressed is at least 44 px high and wide, links inside sentences apart. */
const tooSmall = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(`[...document.querySelectorAll("a, button, input, select, textarea, summary")]
    .filter((each) => each.checkVisibility({ opacityProperty: true }) && !each.closest(".hidden, .skip, p:not(.links), .source"))
    .map((each) => [each, (each.type === "checkbox" ? each.labels[0] : each).getBoundingClientRect()])
    .filter(([, { width, height }]) => width < 43.9 || height < 43.9)
    .map(([each, { width, height }]) => each.outerHTML.slice(0, 80) + " is " + width + " by " + height)`);

/** Makes all text larger, as a person's own style sheet does. */
async function enlargeText(page: Page, times: number): Promise<void> {
  await page.addInitScript(`addEventListener("DOMContentLoaded", () => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync("html { font-size: ${times * 100}% }");
    document.adoptedStyleSheets.push(sheet);
  })`);
}

describe.skipIf(!hasBrowser)(withBrowser("each view of the page"), () => {
  test.each([
    ["a phone, light", { ...phoneSize, colorScheme: "light" }, 1],
    ["a phone, dark", { ...phoneSize, colorScheme: "dark" }, 1],
    ["a computer, light", { ...deskSize, colorScheme: "light" }, 1],
    ["a computer, dark", { ...deskSize, colorScheme: "dark" }, 1],
    ["a very small phone", { ...phoneSize, viewport: { width: 320, height: 568 } }, 1],
    ["a phone whose text is twice as large", phoneSize, 2],
  ] as const)("on %s: axe finds nothing, all fits, and a thumb hits everything", async (_name, size, textSize) => {
    // Axe reckons contrast from colours as they are, so none may be on its way to another.
    const options = { ...size, reducedMotion: "reduce" } as const;
    await using server = await bootServer({ sandbox: true, env });
    const found: Record<string, string[]> = {};
    const lookAt =
      (page: Page) =>
      async (name: string): Promise<void> => {
        const fits = await page.evaluate("document.documentElement.scrollWidth <= window.innerWidth");
        found[name] = [
          ...(await violations(page)),
          ...(await tooSmall(page)),
          ...(fits ? [] : ["it is wider than the screen"]),
        ];
      };
    const stranger = await openPerson(browser, options);
    await watchPolicy(stranger.page, stranger.complaints);
    await enlargeText(stranger.page, textSize);
    await tourEntrance(server, stranger.page, lookAt(stranger.page));
    await stranger.close();
    const person = await enterPage(server, browser, options, "owner");
    await enlargeText(person.page, textSize);
    await person.page.reload();
    await tourPage(server, person.page, lookAt(person.page));
    expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, []])));
    expect(Object.keys(found).length).toBeGreaterThan(40);
    const serious = [...person.complaints, ...stranger.complaints].filter((told) => !/status of 4\d\d/.test(told));
    // The tour itself cuts one connection.
    expect(serious).toEqual(["Failed to load resource: net::ERR_FAILED"]);
    await person.close();
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
