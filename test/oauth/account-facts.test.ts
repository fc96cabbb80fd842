import { afterEach, beforeEach, expect, test } from "bun:test";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { consentAt, press } from "../support/google.ts";
import { bootApp, callOf, createHome, owner } from "../support/home.ts";
import { toyMail } from "../support/toy-mail.ts";

const ada = "ada.lovelace@example.com";
const clock = { offsetMs: 0 };
const now = (): Date => new Date(Date.now() + clock.offsetMs);
let folder: ReturnType<typeof createHome>;
let google: Sandbox;
let app: Awaited<ReturnType<typeof bootApp>>;
beforeEach(async () => {
  folder = createHome();
  google = await startSandbox({ now, folder: join(folder.path, "google") });
  app = await bootApp({ adapters: [toyMail], env: google.baseUrls, now });
  const login = await app.accounts.startLogin(owner, "google", { mode: "paste" });
  await app.accounts.paste(owner, login.id, { url: String(await consentAt(login.url)) });
});
afterEach(async () => {
  clock.offsetMs = 0;
  await app[Symbol.asyncDispose]();
  await google.stop();
  folder[Symbol.dispose]();
});

const read = async () => {
  const outcome = await app.execute(callOf("toy_mail", { action: "read" }));
  return outcome.ok ? (outcome.data as { token: string }).token : outcome.metadata.reason;
};
const refreshes = (): number => google.requests.filter(({ path }) => path === "/token").length;

test("a renewal changes nothing of what the account shows but its time", async () => {
  const [before] = await app.accounts.list(owner.userId);
  clock.offsetMs = 2 * 60 * 60_000;
  await read();
  const [after] = await app.accounts.list(owner.userId);
  expect(after?.refreshed_at).not.toBe(before?.refreshed_at ?? null);
  expect(after).toEqual({ ...before, refreshed_at: after?.refreshed_at } as typeof after);
});

test("many calls at once renew once", async () => {
  const first = await read();
  clock.offsetMs = 2 * 60 * 60_000;
  const before = refreshes();
  const tokens = new Set(await Promise.all(Array.from({ length: 20 }, read)));
  expect([tokens.size, tokens.has(first), refreshes() - before]).toEqual([1, false, 1]);
});

test("a check finds that access was removed at Google, while the token that we hold would last", async () => {
  expect(await app.accounts.check(owner.userId)).toMatchObject([{ account: { account: ada }, problem: undefined }]);
  await press(google, ada, "remove");
  expect(await app.accounts.check(owner.userId)).toMatchObject([
    { problem: expect.stringContaining("the login has ended; likely:") },
  ]);
  expect(await app.accounts.list(owner.userId)).toMatchObject([{ status: "ended" }]);
  expect(await read()).toBe("ended");
});

test("with rotation, the token that was brought last is the one that renews next", async () => {
  await press(google, ada, "rotation");
  const seen = new Set();
  for (const hours of [2, 4, 6]) {
    clock.offsetMs = hours * 60 * 60_000;
    seen.add(await read());
  }
  expect([...seen].every((token) => /^[0-9a-f]{64}$/.test(String(token)))).toBe(true);
  expect([seen.size, (await app.accounts.list(owner.userId))[0]?.status]).toEqual([3, "ok"]);
});

test("an app in testing ends after seven days, which the account says before", async () => {
  await press(google, ada, "testing");
  const login = await app.accounts.startLogin(owner, "google", { mode: "paste" });
  await app.accounts.paste(owner, login.id, { url: String(await consentAt(login.url)) });
  const [account] = await app.accounts.list(owner.userId);
  const days = (Date.parse(account?.expires_at ?? "") - Date.now()) / (24 * 60 * 60_000);
  expect(days).toBeCloseTo(7, 2);
  clock.offsetMs = 8 * 24 * 60 * 60_000;
  expect(await read()).toBe("ended");
});
