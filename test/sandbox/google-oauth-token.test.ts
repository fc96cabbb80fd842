import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import {
  desktopClientId,
  desktopClientSecret,
  webClientId,
  webClientSecret,
  webRedirectUri,
} from "../../src/sandbox/google/clients.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import {
  authorizationUrl,
  consent,
  exchange,
  gmail,
  logIn,
  type Parameters,
  post,
  refresh,
} from "../support/google.ts";

const folder = mkdtempSync(join(tmpdir(), "mcqueen-google-"));
const now = new Date("2026-03-10T12:00:00Z");
let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ folder, now: () => now });
});
afterAll(async () => {
  await sandbox.stop();
  rmSync(folder, { recursive: true });
});

const email = "https://www.googleapis.com/auth/userinfo.email";
const verifier = "a-verifier-of-forty-three-characters-or-more-0123";
const challenge = new Bun.CryptoHasher("sha256").update(verifier).digest("base64url");
const pkce = { code_challenge: challenge, code_challenge_method: "S256" };
const web = { client_id: webClientId, redirect_uri: webRedirectUri };
const calendar = "https://www.googleapis.com/auth/calendar.events";

describe("the token endpoint", () => {
  test("gives what was allowed, and an ID token", async () => {
    const back = await consent(sandbox, { ...pkce, nonce: "n-1", prompt: "consent" });
    expect(back.href).toStartWith("http://127.0.0.1:53682/callback?");
    expect(Object.fromEntries(back.searchParams)).toEqual({
      state: "some state & more",
      iss: "https://accounts.google.com",
      code: expect.stringMatching(/^4\/0A/),
      scope: `openid email ${gmail("readonly")} ${email}`,
      authuser: "0",
      prompt: "consent",
    });
    const { status, body } = await exchange(sandbox, back.searchParams.get("code"), { code_verifier: verifier });
    expect(status).toBe(200);
    expect(body).toEqual({
      access_token: expect.stringMatching(/^ya29\./),
      expires_in: 3599 as unknown as string,
      refresh_token: expect.stringMatching(/^1\/\/0/),
      scope: `openid ${email} ${gmail("readonly")}`,
      token_type: "Bearer",
      id_token: expect.any(String),
    });
    const parts = body.id_token?.split(".") ?? [];
    expect(parts).toHaveLength(3);
    expect(JSON.parse(Buffer.from(parts[1] ?? "", "base64url").toString())).toEqual({
      iss: "https://accounts.google.com",
      azp: desktopClientId,
      aud: desktopClientId,
      sub: "100000000000000181501",
      email: "ada.lovelace@example.com",
      email_verified: true,
      at_hash: expect.any(String),
      nonce: "n-1",
      iat: now.getTime() / 1000,
      exp: now.getTime() / 1000 + 3600,
    });
    const again = await refresh(sandbox, body.refresh_token);
    expect([again.status, again.body.scope, again.body.refresh_token]).toEqual([200, body.scope, undefined]);
  });

  test("gives fewer scopes where fewer are ticked, and no ID token without openid", async () => {
    const body = await logIn(sandbox, { scope: `${gmail("send")} ${calendar}` }, { tick: [calendar] });
    expect([body.scope, body.id_token]).toEqual([calendar, undefined]);
  });

  test("a refresh token comes offline, and first or with prompt=consent", async () => {
    const choice = { email: "grace.hopper@example.com" };
    const has = async (more: Parameters): Promise<boolean> =>
      (await logIn(sandbox, more, choice)).refresh_token !== undefined;
    expect(await has({ access_type: undefined })).toBe(false);
    expect(await has({ access_type: "online", prompt: "consent" })).toBe(false);
    expect([await has({}), await has({}), await has({ prompt: "consent" })]).toEqual([true, false, true]);
    expect([await has({ scope: calendar }), await has({ scope: calendar })]).toEqual([true, false]);
  });

  test("earlier grants are joined for web apps that ask, and never for desktop apps", async () => {
    const ask = async (more: Parameters): Promise<string | undefined> => {
      const code = (await consent(sandbox, more)).searchParams.get("code");
      const secret = { client_secret: webClientSecret };
      return (await exchange(sandbox, code, more.client_id ? { ...web, ...secret } : {})).body.scope;
    };
    const joined = { include_granted_scopes: "true" };
    await ask({ ...web, scope: gmail("send") });
    expect((await ask({ ...web, ...joined, scope: calendar }))?.split(" ").sort()).toEqual([calendar, gmail("send")]);
    expect(await ask({ ...web, scope: calendar })).toBe(calendar);
    expect(await ask({ ...joined, scope: calendar })).toBe(calendar);
  });

  type Row = [fields: Parameters, status: number, error: string, sentence: string];
  const code = "4/0Aunknown";
  const rows: Row[] = [
    [{ grant_type: undefined }, 400, "unsupported_grant_type", "Invalid grant_type: "],
    [{ grant_type: "password" }, 400, "unsupported_grant_type", "Invalid grant_type: password"],
    [{ grant_type: "constructor" }, 400, "unsupported_grant_type", "Invalid grant_type: constructor"],
    [{ client_id: undefined }, 400, "invalid_request", "Could not determine client ID from request."],
    [{ client_id: "other" }, 401, "invalid_client", "The OAuth client was not found."],
    [{ client_secret: undefined }, 400, "invalid_request", "client_secret is missing."],
    [{ client_secret: "wrong" }, 401, "invalid_client", "Unauthorized"],
    [{ client_secret: webClientSecret }, 401, "invalid_client", "Unauthorized"],
    [{ code: undefined }, 400, "invalid_request", "Missing required parameter: code"],
    [{ redirect_uri: undefined }, 400, "invalid_request", "Missing required parameter: redirect_uri"],
    [{ code }, 400, "invalid_grant", "Malformed auth code."],
    [{ access_type: "offline" }, 400, "invalid_request", "Parameter not allowed for this message type: access_type"],
    [
      { grant_type: "refresh_token", code: undefined, redirect_uri: undefined },
      400,
      "invalid_request",
      "Missing required parameter: refresh_token",
    ],
  ];
  test.each(rows)("%j: %d %s, %s", async (fields, status, error, sentence) => {
    expect(await exchange(sandbox, code, fields)).toEqual({ status, body: { error, error_description: sentence } });
  });

  const redemptions: [asked: Parameters, sent: Parameters, sentence: string, error?: string][] = [
    [pkce, {}, "Missing code verifier."],
    [pkce, { code_verifier: `${verifier}x` }, "Invalid code verifier."],
    [pkce, { code_verifier: challenge }, "Invalid code verifier."],
    [{}, { code_verifier: verifier }, "code_verifier or verifier is not needed."],
    [{}, { redirect_uri: "http://127.0.0.1:1/callback" }, "Bad Request", "redirect_uri_mismatch"],
    [{}, { ...web, client_secret: webClientSecret }, "Malformed auth code."],
  ];
  test.each(redemptions)(
    "asked with %j, redeemed with %j: %s",
    async (asked, sent, sentence, error = "invalid_grant") => {
      const code = (await consent(sandbox, asked)).searchParams.get("code");
      expect(await exchange(sandbox, code, sent)).toEqual({
        status: 400,
        body: { error, error_description: sentence },
      });
    },
  );

  test("a plain challenge is the verifier, and the secret may come in the header", async () => {
    const code = (await consent(sandbox, { code_challenge: verifier })).searchParams.get("code") ?? "";
    const redirect_uri = "http://127.0.0.1:53682/callback";
    const response = await fetch(`${sandbox.baseUrls.GOOGLE_OAUTH_BASE_URL}/token`, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${desktopClientId}:${desktopClientSecret}`)}` },
      body: new URLSearchParams({ grant_type: "authorization_code", code, redirect_uri, code_verifier: verifier }),
    });
    expect(response.status).toBe(200);
    expect(response.headers.get("cache-control")).toContain("no-store");
  });

  test("only a form is taken, only by POST", async () => {
    const url = `${sandbox.baseUrls.GOOGLE_OAUTH_BASE_URL}/token`;
    const fields = { grant_type: "refresh_token", refresh_token: "x" };
    const form = new URLSearchParams(fields).toString();
    for (const [type, body] of [
      ["application/json", JSON.stringify(fields)],
      ["application/json", form],
      ["text/plain", form],
    ] as const) {
      const answer = await fetch(url, { method: "POST", body, headers: { "content-type": type } });
      expect([answer.status, await answer.json()]).toEqual([
        400,
        { error: "unsupported_grant_type", error_description: "Invalid grant_type: " },
      ]);
    }
    expect((await fetch(url)).status).toBe(404);
  });
});

describe("revocation", () => {
  test.each([
    [{}, "invalid_request", "Missing required parameter: token"],
    [{ token: "ya29.unknown" }, "invalid_token", "Token expired or revoked"],
  ])("%j: %s", async (fields, error, sentence) => {
    const answer = await post(sandbox, "/revoke", fields);
    expect(answer).toEqual({ status: 400, body: { error, error_description: sentence } });
  });
});

test("any form is answered below 500, and nothing of it breaks a page", async () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", maxLength: 30 }),
    fc.constantFrom("../../x", "__proto__", "\u0000", "<script>", "authorization_code", "refresh_token", "allow"),
  );
  const name = fc.oneof(
    text,
    fc.constantFrom("grant_type", "code", "token", "refresh_token", "client_id", "scope", "account", "decision"),
    fc.constantFrom("grant", "action", "redirect_uri", "client_secret", "code_verifier", "state", "prompt"),
  );
  const { GOOGLE_ACCOUNTS_BASE_URL: accounts, GOOGLE_OAUTH_BASE_URL: oauth } = sandbox.baseUrls;
  const urls = [`${oauth}/token`, `${oauth}/revoke`, `${accounts}/permissions`, authorizationUrl(sandbox)];
  const given = fc.tuple(fc.constantFrom(...urls), fc.array(fc.tuple(name, text), { maxLength: 6 }), fc.boolean());
  await fc.assert(
    fc.asyncProperty(given, async ([url, pairs, isSecond]) => {
      const form = new URLSearchParams(pairs);
      const known = { client_id: desktopClientId, client_secret: desktopClientSecret };
      if (isSecond) for (const [key, value] of Object.entries(known)) form.set(key, value);
      const posted = await fetch(url, { method: "POST", body: form, redirect: "manual" });
      const shown = await fetch(`${accounts}/o/oauth2/v2/auth?${form}`, { redirect: "manual" });
      expect([posted.status < 500, shown.status < 500]).toEqual([true, true]);
      expect(await shown.text()).not.toContain("<script>");
    }),
    { numRuns: 60 },
  );
});
