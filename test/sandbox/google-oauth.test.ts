import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { webClientId, webRedirectUri } from "../../src/sandbox/google/clients.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { authorizationUrl, consent, exchange, formsOf, gmail, logIn, type Parameters } from "../support/google.ts";

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

const verifier = "a-verifier-of-forty-three-characters-or-more-0123";
const challenge = new Bun.CryptoHasher("sha256").update(verifier).digest("base64url");
const web = { client_id: webClientId, redirect_uri: webRedirectUri };
const calendar = "https://www.googleapis.com/auth/calendar.events";

describe("a request for authorization", () => {
  const refused: [more: Parameters, status: number, error: string, sentence?: string][] = [
    [{ client_id: undefined }, 400, "invalid_request", "Missing required parameter: client_id"],
    [{ redirect_uri: undefined }, 400, "invalid_request", "Missing required parameter: redirect_uri"],
    [{ response_type: undefined }, 400, "invalid_request", "Missing required parameter: response_type"],
    [{ scope: undefined }, 400, "invalid_request", "Missing required parameter: scope"],
    [{ client_id: "other" }, 401, "invalid_client", "The OAuth client was not found."],
    [{ response_type: "token" }, 400, "unsupported_response_type"],
    [{ response_type: "code id_token" }, 400, "unsupported_response_type"],
    [{ scope: "openid https://www.googleapis.com/auth/nothing" }, 400, "invalid_scope", "auth/nothing"],
    [{ scope: "constructor" }, 400, "invalid_scope"],
    [{ scope: " " }, 400, "invalid_scope"],
    [{ redirect_uri: "http://192.168.1.20:3001/callback" }, 400, "redirect_uri_mismatch"],
    [{ redirect_uri: "http://10.0.0.1/callback" }, 400, "redirect_uri_mismatch"],
    [{ redirect_uri: "http://127.0.0.1.evil.example/callback" }, 400, "redirect_uri_mismatch"],
    [{ redirect_uri: "https://127.0.0.1:4000/callback" }, 400, "redirect_uri_mismatch"],
    [{ redirect_uri: webRedirectUri }, 400, "redirect_uri_mismatch"],
    [{ redirect_uri: "com.example.app:/callback" }, 400, "invalid_request", "Custom schemes are not allowed"],
    [{ redirect_uri: "urn:ietf:wg:oauth:2.0:oob" }, 400, "invalid_request", "Custom schemes are not allowed"],
    [{ redirect_uri: "/callback" }, 400, "invalid_request", "Missing scheme"],
    [{ redirect_uri: "http://127.0.0.1:4000/#here" }, 400, "invalid_request"],
    [{ redirect_uri: "http://me@127.0.0.1:4000/" }, 400, "invalid_request"],
    [{ ...web, redirect_uri: `${webRedirectUri}/` }, 400, "redirect_uri_mismatch"],
    [{ ...web, redirect_uri: "http://127.0.0.1:4000/" }, 400, "redirect_uri_mismatch"],
    [{ prompt: "login" }, 400, "invalid_request", "prompt: login"],
    [{ prompt: "none consent" }, 400, "invalid_request"],
    [{ access_type: "forever" }, 400, "invalid_request", "access_type: forever"],
    [{ code_challenge: "short", code_challenge_method: "S256" }, 400, "invalid_request"],
    [{ code_challenge: challenge, code_challenge_method: "S512" }, 400, "invalid_request"],
    [{ code_challenge_method: "S256" }, 400, "invalid_request", "Missing required parameter: code_challenge"],
    [{ username: "ada" }, 400, "invalid_request", "Parameter not allowed for this message type: username"],
  ];
  test.each(refused)("%j is refused on a page: %d %s", async (more, status, error, sentence = "") => {
    const response = await fetch(authorizationUrl(sandbox, more), { redirect: "manual" });
    expect([response.status, response.headers.get("location")]).toEqual([status, null]);
    const html = await response.text();
    expect(html).toContain(`Error ${status}: <code>${error}</code>`);
    expect(html).toContain(sentence);
  });

  test("a parameter that is there twice is refused", async () => {
    const response = await fetch(`${authorizationUrl(sandbox)}&scope=openid`);
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining("single value: scope")]);
  });

  const taken: Parameters[] = [
    { redirect_uri: "http://127.0.0.1:1/" },
    { redirect_uri: "http://127.0.0.1/any/path" },
    { redirect_uri: "http://[::1]:4000/" },
    { redirect_uri: "http://localhost:4000/x?y=1" },
    web,
    { code_challenge: verifier },
    { prompt: "consent select_account" },
    { hl: "de", nonce: "x" },
  ];
  test.each(taken)("%j is shown the consent page", async (more) => {
    const response = await fetch(authorizationUrl(sandbox, more));
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining("not Google")]);
  });
});

describe("the consent page", () => {
  const boxesOf = async (more: Parameters) => {
    const [form] = await formsOf(await fetch(authorizationUrl(sandbox, more)));
    return form?.fields.filter(({ type }) => type === "checkbox").map(({ value, checked }) => [value, checked]);
  };

  test("ticks a single permission, none of several, and asks for none that is identity", async () => {
    expect(await boxesOf({ scope: `openid email profile ${gmail("send")}` })).toEqual([[gmail("send"), true]]);
    expect(await boxesOf({ scope: `${gmail("send")} ${calendar}` })).toEqual([
      [gmail("send"), false],
      [calendar, false],
      ["yes", false],
    ]);
    expect(await boxesOf({ scope: "openid" })).toEqual([]);
  });

  test("knows the person of the hint, runs no script, and shows nothing as markup", async () => {
    const response = await fetch(
      authorizationUrl(sandbox, {
        login_hint: "grace.hopper@example.com",
        state: "\"><script>alert('x')</script>",
        redirect_uri: "http://127.0.0.1:4000/?a=<b>'\"",
      }),
    );
    expect(response.headers.get("content-security-policy")).toContain("default-src 'none'");
    const html = await response.text();
    expect(html).not.toMatch(/<script|<b>/);
    const [form] = await formsOf(new Response(html));
    expect(form?.fields.filter(({ checked }) => checked).map(({ value }) => value)).toEqual([
      "grace.hopper@example.com",
      gmail("readonly"),
    ]);
  });

  const send = (body: Record<string, string>, headers: Record<string, string> = {}) =>
    fetch(authorizationUrl(sandbox), {
      method: "POST",
      body: new URLSearchParams(body),
      redirect: "manual",
      headers,
    });

  test.each([
    [{}, "Choose Allow or Cancel."],
    [{ decision: "allow" }, "Choose an account."],
    [{ decision: "allow", account: "nobody@example.com" }, "Choose an account."],
  ])("%j is asked again", async (body, sentence) => {
    const response = await send(body as Record<string, string>);
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining(sentence)]);
  });

  test("a form from elsewhere is refused", async () => {
    const response = await send({ decision: "allow", account: "ada.lovelace@example.com" }, { origin: "http://evil" });
    expect([response.status, response.headers.get("location")]).toEqual([400, null]);
  });

  test("select all allows what is not ticked, and nothing that was not asked", async () => {
    const url = authorizationUrl(sandbox, { scope: `openid ${gmail("send")} ${calendar}` });
    const form: [string, string][] = [
      ["account", "ada.lovelace@example.com"],
      ["decision", "allow"],
    ];
    const scopesOf = async (...more: [string, string][]): Promise<string | null> => {
      const body = new URLSearchParams([...form, ...more]);
      const answer = await fetch(url, { method: "POST", body, redirect: "manual" });
      return new URL(answer.headers.get("location") ?? "").searchParams.get("scope");
    };
    expect(await scopesOf(["all", "yes"])).toBe(`openid ${gmail("send")} ${calendar}`);
    expect(await scopesOf(["scope", calendar], ["scope", gmail("modify")])).toBe(`openid ${calendar}`);
  });

  test("Cancel, and a consent to nothing, are told to the app", async () => {
    for (const back of [
      await consent(sandbox, {}, { decision: "deny" }),
      await consent(sandbox, { scope: `${gmail("send")} ${calendar}` }, { tick: [] }),
    ]) {
      expect(Object.fromEntries(back.searchParams)).toEqual({
        state: "some state & more",
        iss: "https://accounts.google.com",
        error: "access_denied",
      });
    }
  });

  test("prompt=none shows nothing: allowed before or interaction_required", async () => {
    const silently = async (more: Parameters) => {
      const answer = await fetch(authorizationUrl(sandbox, { prompt: "none", ...more }), { redirect: "manual" });
      return new URL(answer.headers.get("location") ?? "").searchParams;
    };
    const hint = { login_hint: "alan.turing@example.com" };
    expect((await silently(hint)).get("error")).toBe("interaction_required");
    await logIn(sandbox, {}, { email: hint.login_hint });
    expect((await silently({})).get("error")).toBe("interaction_required");
    expect((await silently({ ...hint, scope: gmail("send") })).get("error")).toBe("interaction_required");
    const { body } = await exchange(sandbox, (await silently(hint)).get("code"));
    expect([body.scope?.includes(gmail("readonly")), body.refresh_token]).toEqual([true, undefined]);
  });
});
