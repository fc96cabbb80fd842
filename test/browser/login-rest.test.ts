import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser } from "playwright-core";
import { webClientId, webClientSecret, webRedirectUri } from "../../src/sandbox/google/clients.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { binary, run } from "../support/binary.ts";
import { consentAs, hasBrowser, openBrowser, openPerson, phone, withBrowser } from "../support/browser.ts";
import { createHome } from "../support/home.ts";
import { hasOpenssl, openHttpsFront } from "../support/https-front.ts";

setDefaultTimeout(30_000);
const ada = "ada.lovelace@example.com";
const { hostname: publicName, origin: publicUrl } = new URL(webRedirectUri);

let browser: Browser;
let google: Sandbox;
let standIns: ReturnType<typeof createHome> | undefined;
let front: ReturnType<typeof openHttpsFront> | undefined;
let backend = "";
beforeAll(async () => {
  if (!hasBrowser) return;
  standIns = createHome();
  google = await startSandbox({ folder: standIns.path });
  front = hasOpenssl ? openHttpsFront(publicName, () => backend) : undefined;
  const [opened] = await Promise.all([openBrowser(front?.flags), binary()]);
  browser = opened;
});
afterAll(async () => {
  await browser?.close();
  await google?.stop();
  await front?.stop();
  standIns?.[Symbol.dispose]();
});

/** A daemon of the compiled binary, and the session of a person who logged in to it from elsewhere. */
async function startDaemon(words: readonly string[], env: Record<string, string> = {}) {
  const home = createHome();
  const at = (...more: string[]) => run([...words, ...more], { home: home.path, env });
  const started = await at("daemon", "start", "--port", "0", "--json");
  expect({ exit: started.exit, err: started.err }).toMatchObject({ exit: 0 });
  const origin: string = started.json.data.url;
  const send = async (path: string, body?: unknown, session?: string) => {
    const response = await fetch(`${origin}/api/v1/auth/${path}`, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        ...(session === undefined ? {} : { authorization: `Bearer ${session}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
    return (await response.json()) as any;
  };
  await at("users", "add", "ada");
  const token = (await at("users", "token", "ada")).out.trim();
  const session: string = (await send("login", { user_id: "ada", auth_token: token })).session.session_id;
  return {
    origin,
    call: (path: string, body?: unknown) => send(path, body, session),
    logs: async () => (await at("daemon", "logs", "-n", "500")).out,
    async [Symbol.asyncDispose]() {
      await at("daemon", "stop");
      home[Symbol.dispose]();
    },
  };
}

const fits = "document.documentElement.scrollWidth <= window.innerWidth";

describe.skipIf(!hasBrowser)(withBrowser("logging in to a service from a phone"), () => {
  test("opens the address, pastes where it ended, and asks how it stands", async () => {
    await using daemon = await startDaemon(["--sandbox"]);
    const { login } = await daemon.call("services/google/login", { mode: "paste" });
    const person = await openPerson(browser, phone);
    await person.page.goto(login.url);
    expect(await person.page.evaluate(fits)).toBe(true);
    await consentAs(person, login.url);
    await person.untilLost();
    expect((await daemon.call(`logins/${login.id}`)).login.status).toBe("pending");
    const waiting = daemon.call(`logins/${login.id}?wait_s=20`);
    const address = await person.address();
    const pasted = await daemon.call(`logins/${login.id}/paste`, { url: address });
    expect(pasted).toMatchObject({ success: true, login: { status: "done", account: { account: ada } } });
    for (const answer of [await waiting, await daemon.call(`logins/${login.id}`)]) {
      expect(answer).toMatchObject({ login: { status: "done", account: { services: ["gmail", "google_calendar"] } } });
    }
    expect([person.hosts(), person.complaints]).toEqual([["127.0.0.1"], []]);
    const logs = await daemon.logs();
    for (const name of ["code", "state"]) expect(logs).not.toContain(new URL(address).searchParams.get(name) ?? "");
    await person.close();
  });

  const registered = hasOpenssl ? test : test.skip;
  registered(
    `comes back to the daemon's own address${hasOpenssl ? "" : " (left out: openssl is missing)"}`,
    async () => {
      await using daemon = await startDaemon([], {
        ...google.baseUrls,
        PUBLIC_URL: publicUrl,
        GOOGLE_CLIENT_ID: webClientId,
        GOOGLE_CLIENT_SECRET: webClientSecret,
        GOOGLE_CLIENT_TYPE: "web",
      });
      backend = daemon.origin;
      const { login } = await daemon.call("services/google/login", {});
      expect(login).toMatchObject({ mode: "registered", status: "pending" });
      expect(new URL(login.url).searchParams.get("redirect_uri")).toBe(webRedirectUri);
      const waiting = daemon.call(`logins/${login.id}?wait_s=20`);
      const person = await openPerson(browser, phone);
      const [last] = await Promise.all([
        person.page.waitForResponse((response) => response.url().startsWith(webRedirectUri)),
        consentAs(person, login.url),
      ]);
      await person.page.getByText("✓ Google is linked").waitFor();
      expect([last.status(), await person.page.evaluate(fits)]).toEqual([200, true]);
      expect(last.headers()["content-security-policy"]).toStartWith("default-src 'none'; style-src 'nonce-");
      expect(await waiting).toMatchObject({ login: { status: "done", account: { account: ada, default: true } } });
      expect([person.hosts(), person.complaints]).toEqual([["127.0.0.1", publicName], []]);
      const logs = await daemon.logs();
      for (const name of ["code", "state"])
        expect(logs).not.toContain(new URL(last.url()).searchParams.get(name) ?? "");

      await person.page.reload();
      await person.page.getByText("✗ This login is over already").waitFor();
      expect((await daemon.call("accounts")).accounts).toHaveLength(1);
      await person.close();
    },
  );
});
