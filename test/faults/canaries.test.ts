import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type App, createApp } from "../../src/app.ts";
import { listen } from "../../src/http/server.ts";
import { createLogger } from "../../src/log.ts";
import { google } from "../../src/oauth/google.ts";
import { binary, run } from "../support/binary.ts";
import { filesWith, secretsIn, spellingsOf } from "../support/canaries.ts";
import { createEcho, failures } from "../support/echo.ts";
import { gossips, hub, loginAtTerminal } from "../support/gossip.ts";
import { createHome, owner } from "../support/home.ts";
import { expire } from "../support/linked.ts";

setDefaultTimeout(60_000);
const clientId = "000000000009-echo.apps.googleusercontent.com";
const home = createHome();
const echo = createEcho(clientId);
const { secrets, make, state } = echo;
const env = {
  GOOGLE_CLIENT_ID: clientId,
  GOOGLE_CLIENT_SECRET: make('client "#" secret+/='),
  GOOGLE_ACCOUNTS_BASE_URL: echo.base,
  GOOGLE_OAUTH_BASE_URL: echo.base,
  GOOGLE_API_BASE_URL: echo.base,
  WEATHER_BASE_URL: echo.base,
  VAULT_KEY: "auto",
  ENCRYPTION_KEY: make("encryption-key-#").padEnd(32, "!").slice(0, 32),
  JWT_SECRET: make("jwt-secret-#-of-more-than-32-bytes-&-a-half"),
  LOG_LEVEL: "trace",
};
secrets.push(env.ENCRYPTION_KEY);

/** All that left the program: answers, pages, stdout, stderr. */
const said: { where: string; text: string }[] = [];
let app: App;
let server: ReturnType<typeof listen>;
let session = "";
beforeAll(async () => {
  await binary();
  const settings = home.settings({
    ...env,
    GOOGLE_CLIENT_TYPE: "web",
    PUBLIC_URL: "https://mcqueen.example",
    RATE_LIMIT_MAX: "100000",
  });
  const file = join(settings.home.logs, "daemon.log");
  const log = await createLogger({ level: "trace", format: "json", file, secrets: settings.secrets });
  app = await createApp({ settings, log, adapters: gossips(echo.base), providers: [google, hub], lockWaitMs: 5_000 });
  server = listen(app, { hostname: "127.0.0.1", port: 0 });
});
afterAll(async () => {
  await server.stop(100);
  await app.close();
  echo.stop();
  home[Symbol.dispose]();
});

/** @param isOwn the answer tells a secret to the one who asked for it, and is not listened to */
async function ask(method: string, path: string, body?: unknown, isOwn = false) {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${session || app.localToken()}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!isOwn)
    said.push({ where: `${method} ${path}`, text: `${JSON.stringify(Object.fromEntries(answer.headers))} ${text}` });
  return text.startsWith("{") ? JSON.parse(text) : {};
}
const api = "/api/v1";

/** Begins a login; its address holds the state, and has to. */
async function begin(mode: string): Promise<{ id: string; state: string; redirect: string }> {
  const { login } = await ask("POST", `${api}/auth/services/google/login`, { mode }, true);
  const { url, ...rest } = login;
  said.push({ where: "login", text: JSON.stringify(rest) });
  const query = new URL(url).searchParams;
  const its = query.get("state") ?? "";
  secrets.push(its);
  return { id: login.id, state: its, redirect: query.get("redirect_uri") ?? "" };
}
const code = (): string => make("4/code #+&=%");

async function finish(mode: "paste" | "registered", query: Record<string, string> = {}): Promise<void> {
  const login = await begin(mode);
  const search = new URLSearchParams({ state: login.state, code: code(), ...query });
  if (mode === "paste")
    await ask("POST", `${api}/auth/logins/${login.id}/paste`, { url: `${login.redirect}?${search}` });
  else await ask("GET", `${new URL(login.redirect).pathname}?${search}`);
  await ask("GET", `${api}/auth/logins/${login.id}`);
}

const lookAround = async (): Promise<void> => {
  const paths = [
    "/auth/services",
    "/auth/accounts",
    "/auth/session",
    "/auth/sessions",
    "/mcp/history",
    "/mcp/usage",
    "/mcp/approvals",
    "/mcp/providers",
    "/clients",
    "/devices",
    "/health",
    "/mcp/tools",
    "/tokens",
    "/users",
  ];
  for (const path of paths) expect([path, (await ask("GET", api + path)).success]).toEqual([path, true]);
};

test("logins over REST, good and bad", async () => {
  const { token } = await app.people.loginToken({ ...owner, interactive: true }, owner.userId, {});
  session = (await ask("POST", `${api}/auth/login`, { user_id: owner.userId, auth_token: token }, true)).session
    .session_id;
  secrets.push(token, session);
  await ask("POST", `${api}/auth/login`, { user_id: owner.userId, auth_token: token });
  secrets.push((await ask("POST", `${api}/tokens`, { name: "one" }, true)).token);
  for (const manner of failures) {
    state.manner = manner;
    for (const mode of ["paste", "registered"] as const) await finish(mode);
  }
  state.manner = "no scopes";
  await finish("paste");
  state.manner = "good";
  const login = await begin("paste");
  const bad = { state: login.state, error: "x", error_description: `${login.state} ${secrets[0]} <b>` };
  await ask("GET", `/connect/google/callback?${new URLSearchParams(bad)}`);
  for (const url of [
    `nowhere ${code()}`,
    `http://127.0.0.1:1/?code=${encodeURIComponent(code())}&state=wrong`,
    { code: code() },
  ]) {
    await ask("POST", `${api}/auth/logins/${login.id}/paste`, { url });
  }
  await ask("POST", `${api}/auth/logins/${login.id}/paste`, `{"url": "${code().replaceAll('"', "")}`);
  await finish("registered", bad);
  await finish("paste", bad);
  await finish("registered", { iss: "https://evil.example" });
  const given = make("given #+/= token");
  for (const body of [{ token: given }, { token: given, account: "no\nname" }, { tokn: given }, { token: [given] }]) {
    await ask("POST", `${api}/auth/services/hub/token`, body);
    await ask("POST", `${api}/auth/services/google/token`, body);
  }
  await finish("registered");
  state.who = "grace";
  await finish("paste");
  const { accounts } = await ask("GET", `${api}/auth/accounts`);
  expect(accounts.map(({ account }: { account: string }) => account).sort()).toEqual([
    "ada@example.com",
    "default",
    "grace@example.com",
  ]);
  await lookAround();
});

test("calls and renewals, good and bad", async () => {
  const accounts = (await app.accounts.list(owner.userId)).filter(({ provider }) => provider === "google");
  const callAll = async (): Promise<void> => {
    for (const { account } of accounts) {
      for (const tool of ["throws", "refuses", "answers"])
        await ask("POST", `${api}/mcp/tools/${tool}/execute`, { parameters: {}, account });
    }
  };
  await callAll();
  for (const manner of ["good", ...failures] as const) {
    state.manner = manner;
    for (const { id } of accounts) await expire(app, id);
    await callAll();
  }
  await lookAround();
  state.manner = "good";
  for (const who of ["ada", "grace"]) {
    state.who = who;
    await finish("paste");
  }
});

test("the command line, with and without --json", async () => {
  const cli = async (words: string[], stdin?: string, more: Record<string, string> = {}): Promise<void> => {
    const options = { home: home.path, env: { ...env, ...more }, ...(stdin === undefined ? {} : { stdin }) };
    const both = await Promise.all([run(words, options), run([...words, "--json"], options)]);
    for (const { out, err } of both) said.push({ where: words.join(" "), text: `${out}\n${err}` });
  };
  const weather = make("weather-#-key");
  const clientFile = join(home.path, "client.json");
  await Bun.write(clientFile, `{"installed": {"client_secret": "${make("file-#")}"`);
  const commands: [string[], string?][] = [
    [["settings", "set", "WEATHER_API_KEY", "-"], weather],
    [["settings", "set", "ENCRYPTION_KEY", "-"], env.ENCRYPTION_KEY],
    [["settings", "set", "JWT_SECRET", "-"], make("short-#").slice(0, 18)],
    [["settings", "set", "PORT", "-"], weather],
    [["settings"]],
    [["settings", "get", "GOOGLE_CLIENT_SECRET"]],
    [["login", "google", "--client-file", clientFile]],
    [["login", "google", "--token"], make("token-#-by-hand")],
    [["accounts"]],
    [["vault", "status"]],
    [["history"]],
    [["history", "verify"]],
    [["sessions", "list"]],
    [["tokens", "list"]],
    [["get_weather", "--location", "Berlin"]],
    [["vault", "rotate", "--to", "file"]],
  ];
  for (const [words, stdin] of commands) await cli(words, stdin);
  for (const manner of ["good", "invalid_grant", "as the error"] as const) {
    state.manner = manner;
    const inHome = { HOME: home.path, MCQUEEN_HOME: home.path, ...env, VAULT_KEY: "file" };
    const { state: its, text, page } = await loginAtTerminal(inHome, code());
    secrets.push(its);
    said.push({ where: "mcqueen login", text }, { where: "the page of mcqueen login", text: page });
    for (const { id, provider } of await app.accounts.list(owner.userId))
      if (provider === "google") await expire(app, id);
    await cli(["doctor"]);
    await cli(["accounts"]);
  }
  state.manner = "500";
  await cli(["logout", "gmail", "--account", "grace@example.com"]);
  await cli(["accounts"], undefined, { ENCRYPTION_KEY: "not a key", VAULT_KEY: "environment" });
});

test("no secret was told or kept, in any spelling", async () => {
  await ask("DELETE", `${api}/auth/services/google`);
  await ask("POST", `${api}/auth/logout`, {});
  const values = [...new Set(secrets)].filter((secret) => secret !== "");
  expect(values.length).toBeGreaterThan(60);
  const leaks = said.flatMap(({ where, text }) => secretsIn(text, values).map((found) => `${where}: ${found}`));
  expect(leaks).toEqual([]);
  const log = readFileSync(join(home.path, "logs", "daemon.log"), "utf8");
  expect(log).toContain("/connect/google/callback");
  expect(log).toContain("[redacted]");
  const files = filesWith(home.path, values).filter((found) => !found.startsWith("client.json"));
  expect(files).toEqual([]);
  expect(readdirSync(join(home.path, "data"))).toContain("mcqueen.db");
});

test("and a secret would have been found", () => {
  const secret = 'refresh "x" + / ü';
  for (const text of [
    secret,
    JSON.stringify({ secret }),
    `a${Buffer.from(`??${secret}!`).toString("base64")}`,
    encodeURIComponent(secret),
  ]) {
    expect(secretsIn(text, [secret])).not.toEqual([]);
  }
  expect(spellingsOf(secret).length).toBeGreaterThan(8);
});
