import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";

const executablePath = "/usr/bin/chromium";

/** Whether there is a browser for tests. */
export const hasBrowser = existsSync(executablePath);

/** A name for tests that need a browser, which says why they are left out where they are. */
export const withBrowser = (name: string): string => (hasBrowser ? name : `${name} (left out: chromium is missing)`);

export const phone: BrowserContextOptions = {
  viewport: { width: 360, height: 740 },
  isMobile: true,
  hasTouch: true,
  deviceScaleFactor: 2,
};

const flags =
  "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync".split(
    " ",
  );

/** Chromium without a window, which calls nobody by itself. @param more further flags */
export async function openBrowser(more: readonly string[] = []): Promise<Browser> {
  const { chromium } = await import("playwright-core");
  return chromium.launch({ executablePath, headless: true, args: [...flags, ...more] });
}

/** Whether authorities can be put into a browser's own store. */
export const hasCertutil = Bun.which("certutil") !== null;

/**
 * Chromium as a person of their own has it, with a profile and a home that go with it.
 * @param authority a certificate, PEM, that the person installed among their authorities; none unless told
 */
export async function openOwnBrowser(options: BrowserContextOptions, authority?: string) {
  const home = mkdtempSync(join(tmpdir(), "mcqueen-browser-"));
  if (authority !== undefined) await installAuthority(home, authority);
  const { chromium } = await import("playwright-core");
  const context = await chromium.launchPersistentContext(join(home, "profile"), {
    ...options,
    executablePath,
    headless: true,
    args: flags,
    env: { ...process.env, HOME: home },
  });
  return {
    ...(await watchPerson(context)),
    async [Symbol.asyncDispose]() {
      await context.close();
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Does what a person does in the settings of their browser: its store of authorities lies in their home. */
async function installAuthority(home: string, authority: string): Promise<void> {
  const store = join(home, ".pki", "nssdb");
  const file = join(home, "authority.crt");
  mkdirSync(store, { recursive: true });
  writeFileSync(file, authority);
  for (const words of [
    ["-N", "--empty-password"],
    ["-A", "-n", "mcqueen", "-t", "C,,", "-i", file],
  ]) {
    const done = Bun.spawnSync(["certutil", "-d", `sql:${store}`, ...words], { stderr: "pipe" });
    if (done.exitCode !== 0) throw new Error(`certutil ${words[0]}: ${done.stderr.toString()}`);
  }
}

/** A person at a browser of their own, and all that their browser did. */
export async function openPerson(browser: Browser, options: BrowserContextOptions = {}) {
  return watchPerson(await browser.newContext(options));
}

async function watchPerson(context: BrowserContext) {
  context.setDefaultTimeout(15_000);
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  const failed: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) complaints.push(message.text());
  });
  page.on("pageerror", (error) => complaints.push(error.message));
  context.on("request", (request) => requests.push(request.url()));
  context.on("requestfailed", (request) => failed.push(request.url()));
  return {
    page,
    /** Errors and warnings of the console, which is also where a broken content security policy is told. */
    complaints,
    /** Hosts that it asked for anything. */
    hosts: (): string[] => [...new Set(requests.map((url) => new URL(url).hostname))],
    /** What the address bar holds, also on a page that did not load. */
    async address(): Promise<string> {
      const tools = await context.newCDPSession(page);
      const { entries, currentIndex } = await tools.send("Page.getNavigationHistory");
      await tools.detach();
      return entries[currentIndex]?.url ?? "";
    },
    /** Waits for a page that does not load. */
    untilLost: (): Promise<void> => page.locator("#main-frame-error").waitFor(),
    close: () => context.close(),
  };
}

/** What a person does on the consent page, in its words. */
export interface Choice {
  account?: string;
  /** Labels of boxes; all of them unless told. */
  tick?: readonly string[];
  button?: "Allow" | "Cancel";
}

const selectAll = /Select all/;

/** Opens the consent page and answers it. */
export async function consentAs({ page }: { page: Page }, url: string, choice: Choice = {}): Promise<void> {
  await page.goto(url);
  await page.getByLabel(choice.account ?? "Ada Lovelace").check();
  for (const label of choice.tick ?? [selectAll]) await page.getByLabel(label).check();
  await page.getByRole("button", { name: choice.button ?? "Allow" }).click();
}
