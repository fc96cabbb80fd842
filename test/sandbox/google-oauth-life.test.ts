import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { consent, exchange, gmail, logIn, post, press, refresh } from "../support/google.ts";

const minute = 60_000;
const day = 24 * 60 * minute;
const ada = "ada.lovelace@example.com";
const grace = "grace.hopper@example.com";

let folder: string;
let clock: number;
let sandbox: Sandbox;
let other: Sandbox;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "mcqueen-google-"));
  clock = Date.parse("2026-03-10T12:00:00Z");
  const now = () => new Date(clock);
  [sandbox, other] = [await startSandbox({ folder, now }), await startSandbox({ folder, now })];
});
afterEach(async () => {
  await sandbox.stop();
  await other.stop();
  rmSync(folder, { recursive: true });
});

const whoIs = async (token: string | undefined): Promise<Response> =>
  fetch(`${other.baseUrls.GOOGLE_API_BASE_URL}/oauth2/v3/userinfo`, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
const statusOf = async (token: string | undefined): Promise<number> => (await whoIs(token)).status;
const deadToken = {
  status: 400,
  body: { error: "invalid_grant", error_description: "Token has been expired or revoked." },
};

describe("an authorization code", () => {
  test("lives ten minutes", async () => {
    const code = (await consent(sandbox)).searchParams.get("code");
    const late = (await consent(sandbox)).searchParams.get("code");
    clock += 10 * minute - 1;
    expect((await exchange(sandbox, code)).status).toBe(200);
    clock += 1;
    const body = { error: "invalid_grant", error_description: "Bad Request" };
    expect(await exchange(sandbox, late)).toEqual({ status: 400, body });
  });

  test("works once: of eight at two servers exactly one wins", async () => {
    const code = (await consent(sandbox)).searchParams.get("code");
    const tries = Array.from({ length: 8 }, (_, at) => exchange(at % 2 ? sandbox : other, code));
    const answers = await Promise.all(tries);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(7).fill(400)]);
    for (const { body } of answers.filter(({ status }) => status === 400)) {
      expect(body).toEqual({ error: "invalid_grant", error_description: "Code was already redeemed." });
    }
  });

  test("is used up by a wrong try, too", async () => {
    const code = (await consent(sandbox)).searchParams.get("code");
    await exchange(sandbox, code, { code_verifier: "not-asked-for" });
    expect((await exchange(sandbox, code)).body.error_description).toBe("Code was already redeemed.");
  });

  test("a second try leaves what the first one got", async () => {
    const code = (await consent(sandbox)).searchParams.get("code");
    const { body } = await exchange(sandbox, code);
    await exchange(sandbox, code);
    expect((await refresh(sandbox, body.refresh_token)).status).toBe(200);
  });

  test("goes with the grant", async () => {
    const code = (await consent(sandbox)).searchParams.get("code");
    await press(sandbox, ada, "remove");
    expect((await exchange(sandbox, code)).body.error).toBe("invalid_grant");
  });
});

describe("an access token", () => {
  test("opens what its scopes allow, at every server of the folder, for an hour", async () => {
    const { access_token: token } = await logIn(sandbox, { scope: `openid profile ${gmail("send")}` });
    const answer = await whoIs(token);
    expect([answer.status, await answer.json()]).toEqual([
      200,
      { sub: "100000000000000181501", name: "Ada Lovelace", given_name: "Ada", family_name: "Lovelace" },
    ]);
    clock += 3_599_000;
    expect(await statusOf(token)).toBe(401);
  });

  test("is refused in Google's words", async () => {
    const missing = await whoIs(undefined);
    expect(missing.headers.get("www-authenticate")).toBe('Bearer realm="https://accounts.google.com/"');
    expect([missing.status, await missing.json()]).toMatchObject([
      401,
      { error: { errors: [{ reason: "required" }] } },
    ]);
    const unknown = await whoIs("ya29.unknown");
    expect(unknown.headers.get("www-authenticate")).toContain('error="invalid_token"');
    expect([unknown.status, await unknown.json()]).toMatchObject([
      401,
      { error: { code: 401, status: "UNAUTHENTICATED", errors: [{ reason: "authError" }] } },
    ]);
    const narrow = await whoIs((await logIn(sandbox, { scope: gmail("send") })).access_token);
    expect(narrow.headers.get("www-authenticate")).toContain('error="insufficient_scope", scope="openid"');
    expect([narrow.status, await narrow.json()]).toMatchObject([
      403,
      { error: { status: "PERMISSION_DENIED", details: [{ reason: "ACCESS_TOKEN_SCOPE_INSUFFICIENT" }] } },
    ]);
  });

  test("a refresh may ask for fewer scopes and never for more", async () => {
    const { refresh_token: token } = await logIn(sandbox);
    const narrow = await refresh(sandbox, token, { scope: gmail("readonly") });
    expect([narrow.body.scope, narrow.body.id_token]).toEqual([gmail("readonly"), undefined]);
    expect((await refresh(sandbox, token, { scope: gmail("send") })).body.error).toBe("invalid_scope");
  });
});

describe("revocation", () => {
  test.each(["access_token", "refresh_token"])(
    "by the %s kills all of that person's tokens, and no other's",
    async (kind) => {
      const first = await logIn(sandbox);
      const second = await logIn(sandbox, { prompt: "consent" });
      const stranger = await logIn(sandbox, {}, { email: grace });
      expect(await post(other, "/revoke", { token: first[kind] })).toEqual({ status: 200, body: {} });
      expect(await refresh(sandbox, first.refresh_token)).toEqual(deadToken);
      expect(await refresh(sandbox, second.refresh_token)).toEqual(deadToken);
      expect([await statusOf(first.access_token), await statusOf(second.access_token)]).toEqual([401, 401]);
      expect([await statusOf(stranger.access_token), (await refresh(sandbox, stranger.refresh_token)).status]).toEqual([
        200, 200,
      ]);
      expect((await post(sandbox, "/revoke", { token: first[kind] })).body.error).toBe("invalid_token");
      expect(readdirSync(join(folder, "google-oauth"))).toEqual(["grants"]);
    },
  );

  test("a consent after it is a first one", async () => {
    await logIn(sandbox);
    expect((await logIn(sandbox)).refresh_token).toBeUndefined();
    await press(sandbox, ada, "remove");
    expect((await logIn(sandbox)).refresh_token).toBeDefined();
  });
});

describe("refresh tokens", () => {
  test("of more than a hundred the oldest die", async () => {
    const tokens: (string | undefined)[] = [];
    for (let at = 0; at < 102; at++) tokens.push((await logIn(sandbox, { prompt: "consent" })).refresh_token);
    const statuses = await Promise.all([0, 1, 2, 101].map(async (at) => (await refresh(sandbox, tokens[at])).status));
    expect(statuses).toEqual([400, 400, 200, 200]);
  });

  test("are only for the app that got them", async () => {
    const { refresh_token: token } = await logIn(sandbox);
    const web = { client_id: "000000000002-web.apps.googleusercontent.com", client_secret: "sandbox-web-secret" };
    const body = { error: "unauthorized_client", error_description: "Unauthorized" };
    expect(await refresh(sandbox, token, web)).toEqual({ status: 401, body });
  });

  test("lie in the folder as hashes alone", async () => {
    const { refresh_token: token = "", access_token: access = "" } = await logIn(sandbox);
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    expect(files.length).toBeGreaterThan(3);
    const texts = await Promise.all(files.map((each) => Bun.file(join(each.parentPath, each.name)).text()));
    const kept = JSON.stringify([files.map(({ name }) => name), texts]);
    expect([kept.includes(token.slice(4)), kept.includes(access.slice(8))]).toEqual([false, false]);
  });

  describe("that rotate", () => {
    const rotated = async (): Promise<[old: string | undefined, next: Record<string, string>]> => {
      const { refresh_token: old } = await logIn(sandbox);
      await press(sandbox, ada, "rotation");
      return [old, (await refresh(sandbox, old)).body];
    };

    test("the old one is good for a minute", async () => {
      const [old, next] = await rotated();
      expect(next.refresh_token).not.toBe(old);
      clock += minute - 1;
      expect((await refresh(other, old)).status).toBe(200);
      clock += 1;
      expect(await refresh(sandbox, old)).toEqual(deadToken);
      expect((await refresh(sandbox, next.refresh_token)).status).toBe(200);
    });

    test("the old one ends when the new one is used", async () => {
      const [old, next] = await rotated();
      const third = await refresh(other, next.refresh_token);
      expect(await refresh(sandbox, old)).toEqual(deadToken);
      expect((await refresh(sandbox, third.body.refresh_token)).status).toBe(200);
    });

    test("the old one ends when the access token that came with the new one is used", async () => {
      const [old, next] = await rotated();
      expect(await statusOf(next.access_token)).toBe(200);
      expect(await refresh(sandbox, old)).toEqual(deadToken);
      expect((await refresh(sandbox, next.refresh_token)).status).toBe(200);
    });

    test("rotation can be turned off again", async () => {
      const [, next] = await rotated();
      await press(sandbox, ada, "rotation");
      expect((await refresh(sandbox, next.refresh_token)).body.refresh_token).toBeUndefined();
    });
  });

  describe("of an app in testing", () => {
    test("die seven days after the consent, and say so", async () => {
      await logIn(sandbox);
      await press(sandbox, ada, "testing");
      const body = await logIn(sandbox, { prompt: "consent" });
      expect(body.refresh_token_expires_in as unknown).toBe(604_799);
      clock += 7 * day - 1;
      expect((await refresh(sandbox, body.refresh_token)).status).toBe(200);
      clock += 1;
      expect(await refresh(sandbox, body.refresh_token)).toEqual(deadToken);
    });

    test("rotation does not make them live longer", async () => {
      const { refresh_token: old } = await logIn(sandbox);
      await press(sandbox, ada, "testing");
      await press(sandbox, ada, "rotation");
      clock += 6 * day;
      const { body } = await refresh(sandbox, old);
      expect(body.refresh_token_expires_in as unknown).toBe(24 * 60 * 60 - 1);
      clock += day;
      expect(await refresh(sandbox, body.refresh_token)).toEqual(deadToken);
    });

    test("published apps' tokens live on", async () => {
      const { refresh_token: token, refresh_token_expires_in: end } = await logIn(sandbox);
      clock += 30 * day;
      expect([(await refresh(sandbox, token)).status, end]).toEqual([200, undefined]);
    });
  });
});

describe("the page of connections", () => {
  const page = async (): Promise<string> =>
    (await fetch(`${other.baseUrls.GOOGLE_ACCOUNTS_BASE_URL}/permissions`)).text();

  test("lists what people allowed, and forgets what was removed", async () => {
    expect(await page()).toContain("Nobody has allowed anything yet.");
    await logIn(sandbox, { scope: gmail("send") });
    await logIn(sandbox, { scope: gmail("readonly") }, { email: grace });
    expect(await page()).toMatch(/ada\.lovelace[\s\S]*Send mail in your name[\s\S]*grace\.hopper[\s\S]*Read your mail/);
    expect((await press(sandbox, ada, "remove")).status).toBe(200);
    expect(await page()).not.toContain(ada);
    expect(await page()).toContain(grace);
  });

  test("expires access tokens and nothing else", async () => {
    const body = await logIn(sandbox);
    await press(sandbox, ada, "expire");
    expect(await statusOf(body.access_token)).toBe(401);
    const fresh = await refresh(sandbox, body.refresh_token);
    expect([fresh.status, await statusOf(fresh.body.access_token)]).toEqual([200, 200]);
  });

  test("an unknown connection, an unknown action and a form from elsewhere change nothing", async () => {
    const body = await logIn(sandbox);
    const url = `${sandbox.baseUrls.GOOGLE_ACCOUNTS_BASE_URL}/permissions`;
    const key = /name="grant" value="(\w+)"/.exec(await page())?.[1] ?? "";
    const send = async (grant: string, action: string, headers = {}): Promise<number> =>
      (await fetch(url, { method: "POST", body: new URLSearchParams({ grant, action }), headers })).status;
    expect(await send("../..", "remove")).toBe(404);
    expect(await send(key, "constructor")).toBe(404);
    expect(await send(key, "remove", { origin: "http://evil.example" })).toBe(400);
    expect(await statusOf(body.access_token)).toBe(200);
  });
});

test("a fault comes in the form of OAuth's errors", async () => {
  sandbox.fail("google-oauth", { kind: "status", status: 503, times: 1 });
  const { status, body } = await refresh(sandbox, "1//0x");
  expect([status, body]).toEqual([503, { error: "temporarily_unavailable", error_description: "refused with 503" }]);
});
