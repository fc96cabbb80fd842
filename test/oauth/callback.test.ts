import { afterAll, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { App } from "../../src/app.ts";
import type { StartedLogin } from "../../src/core/accounts.ts";
import type { Caller } from "../../src/core/call.ts";
import { listen } from "../../src/http/server.ts";
import { webClientId, webClientSecret } from "../../src/sandbox/google/clients.ts";
import { consentAt } from "../support/google.ts";
import { owner } from "../support/home.ts";
import { ada, createLinked, member } from "../support/linked.ts";
import { refusalOf } from "../support/vaults.ts";

setDefaultTimeout(30_000);
let linked: Awaited<ReturnType<typeof createLinked>>;
let app: App;
let web: App;
let daemon: ReturnType<typeof listen>;
let asked: number;
beforeAll(async () => {
  linked = await createLinked({ PUBLIC_URL: "https://mcqueen.example" });
  app = await linked.open();
  const client = { GOOGLE_CLIENT_ID: webClientId, GOOGLE_CLIENT_SECRET: webClientSecret, GOOGLE_CLIENT_TYPE: "web" };
  web = await linked.open({ env: { ...client, RATE_LIMIT_MAX: "1000000" } });
  daemon = listen(web, { hostname: "127.0.0.1", port: 0 });
  await app.people.addUser(owner, { id: "mia" });
});
afterAll(async () => {
  await daemon.stop(100);
  await linked[Symbol.asyncDispose]();
});
beforeEach(() => {
  asked = linked.asked();
});

const mia = member("mia");
const begin = (of: App, by: Caller, mode: string): Promise<StartedLogin> =>
  of.accounts.startLogin(by, "google", { mode });
const statusOf = async (id: string, by: Caller = owner): Promise<string> =>
  (await app.accounts.login(by.userId, id)).status;
const wayBack = ({ url }: StartedLogin): string => new URL(url).searchParams.get("redirect_uri") ?? "";
const stateOf = ({ url }: StartedLogin): string => new URL(url).searchParams.get("state") ?? "";
/** Brings something back to where a login waits: its listener, or the daemon's registered address. */
const bring = async (login: StartedLogin, query: Record<string, string>, more: RequestInit = {}) => {
  const at = new URL(wayBack(login));
  const address = login.mode === "registered" ? `http://127.0.0.1:${daemon.port}${at.pathname}` : at.href;
  const answer = await fetch(`${address}?${new URLSearchParams(query)}`, more);
  return { status: answer.status, url: answer.url, headers: answer.headers, page: await answer.text() };
};
const allow = async (login: StartedLogin): Promise<Record<string, string>> =>
  Object.fromEntries((await consentAt(login.url)).searchParams);

describe("a callback that is not of this login leaves it as it was:", () => {
  const noLogin = "This address belongs to no login that is waiting";

  test.each(["loopback", "registered"])("a wrong state, or none, at the %s address", async (mode) => {
    const login = await begin(mode === "loopback" ? app : web, owner, mode);
    const { state: _state, ...query } = await allow(login);
    const right = stateOf(login);
    const wrong = [right.slice(1), `${right}x`, right.toUpperCase(), "", "' OR 1=1 --", "%00"];
    for (const state of [undefined, ...wrong]) {
      const { status, page } = await bring(login, { ...query, ...(state === undefined ? {} : { state }) });
      expect({ status, isTold: page.includes(noLogin) }).toEqual({ status: 400, isTold: true });
    }
    expect(await statusOf(login.id)).toBe("pending");
    expect(linked.asked()).toBe(asked);
    expect((await bring(login, { ...query, state: right })).page).toContain("Google is linked");
    expect(await statusOf(login.id)).toBe("done");
  });

  test("one user's pasted into another's, or at another's listener", async () => {
    const [mine, hers] = [await begin(app, owner, "loopback"), await begin(app, mia, "loopback")];
    const pasted = await begin(app, mia, "paste");
    const query = await allow(hers);
    const address = `${wayBack(hers)}?${new URLSearchParams(query)}`;
    for (const work of [
      app.accounts.paste(owner, mine.id, { url: address }),
      app.accounts.paste(owner, hers.id, { url: address }),
      app.accounts.paste(mia, pasted.id, { url: address }),
    ]) {
      expect(await refusalOf(work)).toMatchObject({ code: "not_found" });
    }
    expect((await bring(mine, query)).page).toContain(noLogin);
    expect([await statusOf(mine.id), await statusOf(hers.id, mia)]).toEqual(["pending", "pending"]);
    expect((await bring(hers, query)).page).toContain("Google is linked");
    expect(await statusOf(mine.id)).toBe("pending");
    expect((await app.accounts.list("mia")).map(({ label }) => label)).toEqual([ada]);
  });

  test("the way of one mode for a login of another", async () => {
    const [loopback, registered] = [await begin(app, owner, "loopback"), await begin(web, owner, "registered")];
    const [theirs, ours] = [await allow(registered), await allow(loopback)];
    expect((await bring(registered, ours)).page).toContain(noLogin);
    expect((await bring(loopback, theirs)).page).toContain(noLogin);
    const url = `${wayBack(registered)}?${new URLSearchParams(theirs)}`;
    expect(await refusalOf(web.accounts.paste(owner, registered.id, { url }))).toMatchObject({ code: "not_found" });
    const elsewhere = `http://127.0.0.1:${daemon.port}/connect/slack/callback?${new URLSearchParams(theirs)}`;
    expect(await (await fetch(elsewhere)).text()).toContain(noLogin);
    expect([await statusOf(loopback.id), await statusOf(registered.id)]).toEqual(["pending", "pending"]);
    expect(linked.asked()).toBe(asked);
  });
});

test.each(["loopback", "registered"])("of ten hits at once at the %s address one links", async (mode) => {
  const login = await begin(mode === "loopback" ? app : web, owner, mode);
  const query = await allow(login);
  const hits = await Promise.all(Array.from({ length: 10 }, () => bring(login, query)));
  expect(hits.filter(({ page }) => page.includes("Google is linked"))).toHaveLength(1);
  expect(hits.filter(({ page }) => page.includes("This login is over already"))).toHaveLength(9);
  expect(linked.asked() - asked).toBe(1);
  expect(await statusOf(login.id)).toBe("done");
});

describe("what ends a login", () => {
  const evil = "<script>alert(\"1\")</script> & 'more'";
  test.each([
    ["another issuer", { iss: "https://accounts.evil.example", code: "4/0A-code" }, "comes from another issuer"],
    [
      "another issuer that says no",
      { iss: "https://evil.example", error: "access_denied" },
      "comes from another issuer",
    ],
    ["a no", { error: "access_denied" }, "You did not allow it at Google"],
    ["an error", { error: "server_error" }, "Google refused the login: server_error"],
    ["markup in an error", { error: "x", error_description: evil }, "Google refused the login: "],
    [
      "a code that Google does not know",
      { code: "4/0Aunknown" },
      "Google does not take the code: Malformed auth code.",
    ],
  ])("is %s", async (_name, query, message) => {
    for (const login of [await begin(app, owner, "loopback"), await begin(web, owner, "registered")]) {
      const { status, page, headers } = await bring(login, { ...query, state: stateOf(login) });
      expect({ status: status === 400, page }).toEqual({ status: true, page: expect.stringContaining(message) });
      expect(page).not.toContain("<script");
      expect(headers.get("content-security-policy")).toContain("default-src 'none'");
      const after = await app.accounts.login(owner.userId, login.id);
      expect(after).toMatchObject({ status: "failed", error: expect.stringContaining(message) });
      expect((await bring(login, { ...query, state: stateOf(login) })).page).toContain("over already");
    }
  });

  test.each([
    ["no code", {}],
    ["an empty code", { code: "" }],
  ])("is not %s: that is told, and the login goes on", async (_name, query) => {
    for (const login of [await begin(app, owner, "loopback"), await begin(web, owner, "registered")]) {
      const { status, page } = await bring(login, { ...query, state: stateOf(login) });
      expect({ status, page }).toEqual({ status: 400, page: expect.stringContaining("This address holds no code") });
      expect(await statusOf(login.id)).toBe("pending");
    }
  });

  test("what it was told repeats no secret, and is short", async () => {
    const login = await begin(app, owner, "loopback");
    const state = stateOf(login);
    const error_description = `no: ${state} ya29.a0canary0123456789 ${"x".repeat(3_000)}`;
    const { page } = await bring(login, { state, error: "x", error_description });
    const { error = "" } = await app.accounts.login(owner.userId, login.id);
    for (const text of [page, error]) {
      expect(text).not.toContain(state);
      expect(text).not.toContain("canary");
    }
    expect(error.length).toBeLessThan(300);
  });

  test("is its time", async () => {
    const login = await begin(app, owner, "loopback");
    const url = `${wayBack(login)}?${new URLSearchParams(await allow(login))}`;
    const later = await linked.open({ now: () => new Date(Date.now() + 10 * 60_000 + 1_000) });
    expect(await refusalOf(later.accounts.paste(owner, login.id, { url }))).toMatchObject({ code: "conflict" });
    expect(await later.accounts.login(owner.userId, login.id)).toMatchObject({ status: "expired" });
  });

  test("is a cancellation, after which nothing links", async () => {
    const login = await begin(app, owner, "paste");
    const url = `${wayBack(login)}?${new URLSearchParams(await allow(login))}`;
    await app.accounts.cancelLogin(owner, login.id);
    expect(await refusalOf(app.accounts.paste(owner, login.id, { url }))).toMatchObject({ code: "conflict" });
    expect(linked.asked()).toBe(asked);
  });

  test("that was cancelled while its code was traded is told as it was", async () => {
    const login = await begin(app, owner, "paste");
    const url = `${wayBack(login)}?${new URLSearchParams(await allow(login))}`;
    const held = await linked.open(linked.behindGate);
    const { reached, open } = linked.gate.hold();
    const pasting = held.accounts.paste(owner, login.id, { url });
    await reached;
    await app.accounts.cancelLogin(owner, login.id);
    open();
    expect(await pasting).toMatchObject({ status: "done" });
  });
});

describe("the listener", () => {
  test("answers its own address, GET and path alone", async () => {
    const login = await begin(app, owner, "loopback");
    const query = await allow(login);
    const { port, pathname } = new URL(wayBack(login));
    const hosts = [
      `localhost:${port}`,
      "127.0.0.1",
      `evil.example:${port}`,
      `127.0.0.1:${Number(port) + 1}`,
      `127.0.0.1.nip.io:${port}`,
    ];
    for (const host of hosts) expect((await bring(login, query, { headers: { host } })).status).toBe(404);
    for (const method of ["POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"]) {
      expect((await bring(login, query, { method })).status).toBe(404);
    }
    for (const path of [
      "/",
      "/callback",
      `${pathname}/`,
      `${pathname}x`,
      pathname.slice(0, -1),
      pathname.toUpperCase(),
      "/favicon.ico",
    ]) {
      const answer = await fetch(`http://127.0.0.1:${port}${path}?${new URLSearchParams(query)}`);
      expect({ path, status: answer.status }).toEqual({ path, status: 404 });
    }
    expect(await statusOf(login.id)).toBe("pending");
    const { page, url } = await bring(login, query);
    expect(page).toContain("Google is linked");
    for (const shown of [page, url]) {
      expect(shown).not.toContain(query.code ?? "?");
      expect(shown).not.toContain(stateOf(login));
    }
    expect((await fetch(url)).status).toBe(200);
  });

  test.each(["loopback", "registered"])("at the %s address a query of 100 KB ends nothing", async (mode) => {
    const login = await begin(mode === "loopback" ? app : web, owner, mode);
    const query = await allow(login);
    const huge = bring(login, { ...query, more: "x".repeat(100_000) }).catch(() => ({ status: 431 }));
    expect((await huge).status).toBeGreaterThanOrEqual(400);
    expect(await statusOf(login.id)).toBe("pending");
    expect((await bring(login, query)).page).toContain("Google is linked");
  });
});
