import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { consentAt, gmail } from "../support/google.ts";
import { logIn } from "../support/people.ts";
import { bootServer } from "../support/server.ts";

const api = "/api/v1/auth";
let google: Sandbox;
let server: Awaited<ReturnType<typeof bootServer>>;
let ada: string;
beforeAll(async () => {
  google = await startSandbox();
  server = await bootServer({ env: { ...google.baseUrls, RATE_LIMIT_MAX: "100000", LOGIN_RATE_MAX: "1000" } });
  ada = await logIn(server, "ada");
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await google.stop();
});

const start = (service: string, body: unknown = {}, auth = ada) =>
  server.send({ path: `${api}/services/${service}/login`, body, auth });
const finish = (id: string, url: string, auth = ada) =>
  server.send({ path: `${api}/logins/${id}/paste`, body: { url }, auth });
const get = async (path: string, auth = ada) => (await server.send({ path: api + path, auth })).json;

describe("logging in to a service over REST", () => {
  test("begins with an address, ends with what the browser came back with, and is told to whoever asks", async () => {
    const { login } = (await start("gmail", { account: "work" })).json;
    expect(login).toMatchObject({ provider: "google", services: ["gmail"], mode: "paste", status: "pending" });
    const url = new URL(login.url);
    expect(url.searchParams.get("code_challenge_method")).toBe("S256");
    expect(url.searchParams.get("scope")?.split(" ")).toEqual(["openid", "email", gmail("readonly"), gmail("send")]);
    expect((await get(`/logins/${login.id}`)).login.status).toBe("pending");

    const waiting = get(`/logins/${login.id}?wait_s=20`);
    const done = await finish(login.id, String(await consentAt(login.url)));
    expect(done.json.login).toMatchObject({
      status: "done",
      account: { account: "work", default: true, status: "ok" },
    });
    expect((await waiting).login.status).toBe("done");
    expect(JSON.stringify(done.json)).not.toContain("ya29");

    const { services } = await get("/services");
    expect(services.map(({ service, linked }: Record<string, unknown>) => [service, linked])).toEqual([
      ["gmail", true],
      ["google_calendar", false],
      ["slack", false],
      ["whatsapp", false],
      ["linkedin", false],
    ]);
    expect((await get("/session")).services).toEqual(["gmail"]);
    expect((await get("/accounts")).accounts).toMatchObject([{ account: "work", label: "ada.lovelace@example.com" }]);
  });

  test("a second service asks for the union, and joins the same grant", async () => {
    const { login } = (await start("google_calendar")).json;
    expect(new URL(login.url).searchParams.get("scope")).toContain(gmail("readonly"));
    await finish(login.id, String(await consentAt(login.url)));
    const { accounts } = await get("/accounts");
    expect(accounts).toMatchObject([{ account: "work", services: ["gmail", "google_calendar"] }]);
  });

  test("another account by another name; one is the default, and that can be changed", async () => {
    const { login } = (await start("gmail", { account: "private" })).json;
    await finish(login.id, String(await consentAt(login.url, { email: "grace.hopper@example.com" })));
    const change = (account: string, body: unknown) =>
      server.send({ method: "PATCH", path: `${api}/accounts/${account}`, body, auth: ada });
    expect((await change("private", { default: true })).json.account).toMatchObject({ default: true });
    expect((await change("private", { account: "work" })).status).toBe(409);
    expect((await change("private", { account: "home" })).json.account.account).toBe("home");
    const { accounts } = await get("/accounts");
    expect(accounts.map((each: Record<string, unknown>) => [each.account, each.default])).toEqual([
      ["work", false],
      ["home", true],
    ]);
  });

  test("another person under a known name is refused, and nothing changes", async () => {
    const before = await get("/accounts");
    const { login } = (await start("gmail", { account: "work" })).json;
    const answer = await finish(login.id, String(await consentAt(login.url, { email: "alan.turing@example.com" })));
    expect(answer).toMatchObject({ status: 409, json: { error_code: "conflict" } });
    expect((await get(`/logins/${login.id}`)).login).toMatchObject({ status: "failed", error_code: "conflict" });
    expect(await get("/accounts")).toEqual(before);
  });

  test("a second name for a linked account is refused, and takes nothing from the first", async () => {
    const before = await get("/accounts");
    const revocations = (): number => google.requests.filter(({ path }) => path === "/revoke").length;
    const revoked = revocations();
    const { login } = (await start("gmail", { account: "other" })).json;
    const answer = await finish(login.id, String(await consentAt(login.url)));
    expect(answer).toMatchObject({
      status: 409,
      json: {
        error: "ada.lovelace@example.com is linked already, as work",
        hint: expect.stringContaining("mcqueen accounts rename work other"),
      },
    });
    expect(await get("/accounts")).toEqual(before);
    expect(revocations()).toBe(revoked);
  });

  test("Google is told to ask which account only where a further one is wanted", async () => {
    const promptFor = async (body: unknown, auth = ada): Promise<(string | null)[]> => {
      const { searchParams } = new URL((await start("gmail", body, auth)).json.login.url);
      return [searchParams.get("prompt"), searchParams.get("login_hint")];
    };
    expect(await promptFor({ account: "third" })).toEqual(["select_account consent", null]);
    expect(await promptFor({})).toEqual(["select_account consent", null]);
    expect(await promptFor({ account: "work" })).toEqual(["consent", "ada.lovelace@example.com"]);
    expect(await promptFor({}, await logIn(server, "newcomer"))).toEqual(["consent", null]);
  });

  test("no is a no, and a login ends once", async () => {
    const { login } = (await start("gmail")).json;
    const back = String(await consentAt(login.url, { decision: "deny" }));
    expect((await finish(login.id, back)).json).toMatchObject({ success: false, error_code: "declined" });
    expect((await finish(login.id, back)).status).toBe(409);
    const late = await server.send({ method: "DELETE", path: `${api}/logins/${login.id}`, auth: ada });
    expect(late.json.login).toMatchObject({ status: "failed", error_code: "declined" });
  });

  test("fewer permissions are told, and only what was given is linked", async () => {
    const mia = await logIn(server, "mia");
    const { login } = (await start("google", {}, mia)).json;
    const back = await consentAt(login.url, { email: "alan.turing@example.com", tick: [gmail("readonly")] });
    const done = (await finish(login.id, String(back), mia)).json.login;
    expect(done.account.services).toEqual(["gmail"]);
    expect(done.missing_scopes).toHaveLength(3);
    expect(done.missing_scopes).toContain(gmail("send"));
  });

  test("unlinking one service keeps the grant, the last one revokes it", async () => {
    const zoe = await logIn(server, "zoe");
    const { login } = (await start("google", {}, zoe)).json;
    await finish(login.id, String(await consentAt(login.url, { email: "alan.turing@example.com" })), zoe);
    const unlink = async (service: string) =>
      (await server.send({ method: "DELETE", path: `${api}/services/${service}`, auth: zoe })).json;
    const first = await unlink("gmail");
    expect(first.unlinked).toEqual([{ provider: "google", account: "alan.turing@example.com", services: ["gmail"] }]);
    // Mia lives on the same account, and the provider would end hers too.
    expect((await unlink("google_calendar")).unlinked[0]).toMatchObject({ revoked: false });
    expect((await get("/accounts", zoe)).accounts).toEqual([]);
    const mia = await logIn(server, "mia");
    const last = await server.send({ method: "DELETE", path: `${api}/services/google`, auth: mia });
    expect(last.json.unlinked[0]).toMatchObject({ account: "alan.turing@example.com", revoked: true });
    const allowed = await fetch(`${google.baseUrls.GOOGLE_ACCOUNTS_BASE_URL}/permissions`);
    expect(await allowed.text()).not.toContain("alan.turing@example.com");
  });

  test("another user's logins and accounts are not there", async () => {
    const olaf = await logIn(server, "olaf");
    const { login } = (await start("gmail")).json;
    const back = String(await consentAt(login.url));
    expect((await server.send({ path: `${api}/logins/${login.id}`, auth: olaf })).status).toBe(404);
    expect((await finish(login.id, back, olaf)).status).toBe(404);
    const cancel = { method: "DELETE", path: `${api}/logins/${login.id}` };
    expect((await server.send({ ...cancel, auth: olaf })).status).toBe(404);
    // Pasting an address of hers into a login of his own does not take her account.
    const own = (await start("gmail", {}, olaf)).json.login;
    expect((await finish(own.id, back, olaf)).status).toBe(404);
    expect(await server.send({ ...cancel, auth: ada })).toMatchObject({
      status: 200,
      json: { login: { status: "cancelled" } },
    });
    expect((await finish(login.id, back)).status).toBe(409);
  });

  const bad: [name: string, service: string, body: Record<string, unknown>, status: number, error: string][] = [
    ["an unknown service", "nowhere", {}, 404, "There is no service nowhere"],
    ["an unknown mode", "gmail", { mode: "carrier-pigeon" }, 400, "Field mode must be one of"],
    ["a mode that a desktop client does not have", "gmail", { mode: "registered" }, 400, "Field mode must be one of"],
    ["an account that looks like an option", "gmail", { account: "--all" }, 400, "Field account"],
    ["an action that mail does not have", "gmail", { actions: ["fly"] }, 400, "Field actions names fly"],
    ["an unknown field", "gmail", { scope: "all" }, 400, "Unknown field: scope"],
  ];
  test.each(bad)("%s is refused", async (_name, service, body, status, error) => {
    const answer = await start(service, body);
    expect([answer.status, answer.json.error]).toEqual([status, expect.stringContaining(error)]);
  });

  test("what was pasted has to be the whole address", async () => {
    const { login } = (await start("gmail")).json;
    expect((await finish(login.id, "4/0AfJohXn")).status).toBe(400);
    expect((await finish(login.id, "http://127.0.0.1:1/?code=x")).status).toBe(404);
    expect((await get(`/logins/${login.id}`)).login.status).toBe("pending");
  });

  test("a provider without tokens by hand takes none", async () => {
    const answer = await server.send({ path: `${api}/services/gmail/token`, body: { token: "abcdefgh" }, auth: ada });
    expect([answer.status, answer.json.error]).toEqual([400, "Google hands out no tokens by hand"]);
    expect(answer.text).not.toContain("abcdefgh");
  });

  test("without a client id the way to one is told", async () => {
    await using bare = await bootServer();
    const answer = await bare.send({ path: `${api}/services/google/login`, body: {}, auth: await logIn(bare, "ada") });
    expect([answer.status, answer.json.error_code]).toEqual([501, "not_configured"]);
    expect(answer.json.hint).toContain("https://console.cloud.google.com/auth/clients");
  });
});
