import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type App, type AppOptions, createApp } from "../../src/app.ts";
import type { Caller } from "../../src/core/call.ts";
import type { GrantTokens } from "../../src/core/grant.ts";
import { tokensPlace } from "../../src/oauth/parts.ts";
import { startSandbox } from "../../src/sandbox/server.ts";
import { createGate } from "./gate.ts";
import { type Choice, consentAt } from "./google.ts";
import { createHome, owner } from "./home.ts";
import { mailbox } from "./toy-mailbox.ts";

export const ada = "ada.lovelace@example.com";
export const grace = "grace.hopper@example.com";

/** A home, and Google's stand-in that this process serves and that several programs on the home use. */
export async function createLinked(more: Record<string, string> = {}) {
  const home = createHome();
  const folder = mkdtempSync(join(tmpdir(), "mcqueen-google-"));
  const sandbox = await startSandbox({ folder });
  const gate = createGate(sandbox.baseUrls.GOOGLE_OAUTH_BASE_URL ?? "");
  const env = { ...sandbox.baseUrls, ...more };
  const opened: App[] = [];
  const open = async (options: Partial<AppOptions> & { env?: Record<string, string> } = {}): Promise<App> => {
    const { env: further = {}, ...rest } = options;
    const settings = home.settings({ ...env, ...further });
    const app = await createApp({ adapters: [mailbox()], lockWaitMs: 5_000, ...rest, settings });
    opened.push(app);
    return app;
  };
  const { requests } = sandbox;
  return {
    home,
    sandbox,
    /** Holds the next request to the token endpoint of a program that was opened behind it. */
    gate,
    behindGate: { env: { GOOGLE_OAUTH_BASE_URL: gate.url } },
    env,
    open,
    /** How often the token endpoint was asked so far. */
    asked: (path = "/token"): number =>
      requests.filter((request) => request.upstream === "google-oauth" && request.path === path).length,
    async [Symbol.asyncDispose]() {
      await Promise.all(opened.map((app) => app.close()));
      await gate.stop();
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
      home[Symbol.dispose]();
    },
  };
}

export const member = (userId: string): Caller => ({ ...owner, userId, role: "member" });

/** Logs in to the stand-in as a person. @returns the account's id */
export async function link(app: App, by: Caller = owner, choice: Choice = {}, account?: string): Promise<string> {
  const named = account === undefined ? {} : { account };
  const { id, url } = await app.accounts.startLogin(by, "google", { mode: "paste", ...named });
  const back = await consentAt(url, choice);
  const login = await app.accounts.paste(by, id, { url: back.href });
  if (!login.account) throw new Error("Nothing was linked");
  return login.account.id;
}

export async function tokensIn(app: App, grantId: string, userId = owner.userId): Promise<GrantTokens> {
  const kept = await app.vault.read(tokensPlace(userId, "google", grantId));
  if (kept === undefined) throw new Error("There are no tokens");
  return JSON.parse(kept) as GrantTokens;
}

/** Lets the access token of an account run out, as if it had been an hour. */
export async function expire(app: App, grantId: string, userId = owner.userId): Promise<void> {
  const tokens = await tokensIn(app, grantId, userId);
  const place = tokensPlace(userId, "google", grantId);
  await app.vault.write(place, JSON.stringify({ ...tokens, expiresAt: Date.now() - 1_000 }));
}
