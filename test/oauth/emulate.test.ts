import { afterAll, beforeAll, expect, test } from "bun:test";
import { createEmulator, type Emulator } from "emulate";
import { hashSecret } from "../../src/core/secret.ts";
import { formsOf } from "../support/google.ts";
import { bootApp, callOf, owner } from "../support/home.ts";
import { toyMail } from "../support/toy-mail.ts";

const client = { client_id: "emulated.apps.googleusercontent.com", client_secret: "emulated-secret" };
const ada = "ada@example.com";
const clock = { at: Date.parse("2026-11-24T12:00:00Z") };
let google: Emulator;
let app: Awaited<ReturnType<typeof bootApp>>;

beforeAll(async () => {
  google = await createEmulator({
    service: "google",
    port: freePort(),
    seed: {
      google: {
        users: [{ email: ada, name: "Ada Lovelace" }],
        oauth_clients: [{ ...client, name: "mcqueen", redirect_uris: ["http://127.0.0.1:1/"] }],
      },
    },
  });
  app = await bootApp({
    adapters: [toyMail],
    now: () => new Date(clock.at),
    env: {
      GOOGLE_ACCOUNTS_BASE_URL: google.url,
      GOOGLE_OAUTH_BASE_URL: `${google.url}/oauth2`,
      GOOGLE_CLIENT_ID: client.client_id,
      GOOGLE_CLIENT_SECRET: client.client_secret,
    },
  });
});
afterAll(async () => {
  await app[Symbol.asyncDispose]();
  await google.close();
});

/** The emulator dies of a port that is taken, and takes none by itself. */
function freePort(): number {
  using server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  return server.port ?? 0;
}

/** Chooses Ada. @returns where the browser is sent */
async function consent(url: string): Promise<string> {
  const form = (await formsOf(await fetch(url))).find(({ fields }) => fields.some(({ value }) => value === ada));
  const body = new URLSearchParams(form?.fields.map(({ name, value }): [string, string] => [name, value]));
  const answer = await fetch(new URL(form?.action ?? "", url), { method: "POST", body, redirect: "manual" });
  return answer.headers.get("location") ?? "";
}

const read = async (): Promise<{ account: string; token: string }> => {
  const outcome = await app.execute(callOf("toy_mail", { action: "read" }));
  if (!outcome.ok) throw new Error(outcome.message);
  return outcome.data as { account: string; token: string };
};

const tokens = async (): Promise<Record<string, string>> => {
  const [account] = await app.accounts.list(owner.userId);
  const kept = await app.vault.read({ userId: owner.userId, service: "google", account: account?.id ?? "" });
  return JSON.parse(kept ?? "{}");
};

const refresh = (token: string | undefined) =>
  fetch(`${google.url}/oauth2/token`, {
    method: "POST",
    body: new URLSearchParams({ grant_type: "refresh_token", refresh_token: token ?? "", ...client }),
  });

test("another emulator of Google lets us log in, renew and log out", async () => {
  const login = await app.accounts.startLogin(owner, "google", { mode: "paste" });
  const done = await app.accounts.paste(owner, login.id, { url: await consent(login.url) });
  expect(done).toMatchObject({ status: "done", account: { account: ada, services: ["gmail", "google_calendar"] } });

  const first = await read();
  expect(first).toMatchObject({ account: ada, token: hashSecret((await tokens()).accessToken ?? "") });
  clock.at += 50 * 60_000;
  expect(await read()).toEqual(first);
  clock.at += 10 * 60_000;
  const second = await read();
  const kept = await tokens();
  expect(second.token).not.toBe(first.token);
  expect(second.token).toBe(hashSecret(kept.accessToken ?? ""));

  expect((await refresh(kept.refreshToken)).status).toBe(200);
  expect(await app.accounts.unlink(owner, "google")).toEqual([
    { provider: "google", account: ada, services: ["gmail", "google_calendar"], revoked: true },
  ]);
  expect((await refresh(kept.refreshToken)).status).toBe(400);
  expect(await app.accounts.list(owner.userId)).toEqual([]);
});

test("a code is taken once, and only with the verifier of its login", async () => {
  const login = await app.accounts.startLogin(owner, "google", { mode: "paste" });
  const other = await app.accounts.startLogin(owner, "google", { mode: "paste" });
  const back = new URL(await consent(login.url));
  back.searchParams.set("state", new URL(other.url).searchParams.get("state") ?? "");
  await expect(app.accounts.paste(owner, other.id, { url: back.href })).rejects.toThrow(/does not take the code.*PKCE/);
});
