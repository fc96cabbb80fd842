import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { type App, createApp } from "../../src/app.ts";
import { owner } from "../support/home.ts";
import { logIn } from "../support/people.ts";
import { bootServer } from "../support/server.ts";
import { createLetters, echo, toyAdapter } from "../support/toys.ts";

const tools = "/api/v1/mcp/tools";
const mia = { ...owner, userId: "mia", role: "member" as const };
const raised = { RATE_LIMIT_MAX: "100000", RATE_LIMIT_SESSION_MAX: "100000", LOGIN_RATE_MAX: "100000" };
const adapters = [toyAdapter({ ...echo, quotaPerHour: 30 }, createLetters().tool)];

let server: Awaited<ReturnType<typeof bootServer>>;
let elsewhere: App;
let session: string;
let token: string;
let tokenId: string;
beforeEach(async () => {
  server = await bootServer({ adapters, env: raised });
  // As another process does: connections of its own to the same file.
  elsewhere = await createApp({ settings: server.app.settings, adapters });
  session = await logIn(server, "mia");
  const made = await server.app.people.createToken(mia, { name: "t", writes: "allow" });
  token = made.secret;
  tokenId = made.token.id;
});
afterEach(async () => {
  await elsewhere.close();
  await server[Symbol.asyncDispose]();
});

const say = (auth: string) =>
  server.send({ path: `${tools}/echo/execute`, auth, body: { parameters: { text: "hello" } } });
const send = (auth: string) =>
  server.send({ path: `${tools}/letters/execute`, auth, body: { parameters: { action: "send", to: "noa" } } });
const list = async (auth: string): Promise<Record<string, string>> => {
  const { json } = await server.send({ path: `${tools}?include=all`, auth });
  return Object.fromEntries(json.tools.map(({ id, status }: { id: string; status: string }) => [id, status]));
};
/** Longer than the answer of SQLite is trusted. */
const aMoment = () => Bun.sleep(2);

type Try = () => Promise<{ status: number }>;
const bySession: Try = () => say(session);
const byToken: Try = () => say(token);
const writing: Try = () => send(token);
const ends: [what: string, attempt: Try, end: (app: App) => Promise<unknown>, status: number][] = [
  [
    "a session",
    bySession,
    async (app) => app.people.endSession(owner, (await app.people.sessions("mia"))[0]?.id ?? ""),
    401,
  ],
  ["a session, by its secret", bySession, (app) => app.people.logOut(mia, session), 401],
  ["a token", byToken, (app) => app.people.revokeToken(mia, tokenId), 401],
  ["a user, for a session", bySession, (app) => app.people.removeUser(owner, "mia", "mia"), 401],
  ["a user, for a token", byToken, (app) => app.people.removeUser(owner, "mia", "mia"), 401],
  ["a tool, by its config", byToken, (app) => app.changeConfig(mia, "echo", { enabled: false }), 403],
  ["a tool, by tools_deny", bySession, (app) => app.people.changeUser(owner, "mia", { tools_deny: ["echo"] }), 403],
  ["writes, by read_only", writing, (app) => app.people.changeUser(owner, "mia", { read_only: true }), 403],
  [
    "writes, by a rule",
    writing,
    (app) => app.policy.set(mia, { entrance: "token", effect: "write", decision: "deny" }),
    403,
  ],
];
describe.each([
  ["here", () => server.app],
  ["by another process", () => elsewhere],
] as const)("ended %s", (_where, app) => {
  test.each(ends)(
    "%s does nothing more, however often it was used a moment before",
    async (_what, attempt, end, status) => {
      for (let round = 0; round < 3; round++) expect((await attempt()).status).toBe(200);
      await end(app());
      await aMoment();
      expect((await attempt()).status).toBe(status);
    },
  );

  test("a secret is not read any more, and one that was missing is", async () => {
    const { secrets } = server.app;
    expect(await secrets.read("WEATHER_API_KEY")).toBeUndefined();
    await app().secrets.keep("WEATHER_API_KEY", "a-key-of-some-service");
    await aMoment();
    expect(await secrets.read("WEATHER_API_KEY")).toBe("a-key-of-some-service");
    await app().secrets.keep("WEATHER_API_KEY", undefined);
    await aMoment();
    expect(await secrets.read("WEATHER_API_KEY")).toBeUndefined();
  });

  test("a listing is its own user's and of now: what one sets, another's does not show", async () => {
    const olaf = await logIn(server, "olaf");
    const on = { echo: "available", letters: "available" };
    const off = { ...on, echo: "disabled" };
    const all = () => Promise.all([list(session), list(token), list(olaf), list(server.app.localToken())]);
    expect(await all()).toEqual([on, on, on, on]);
    await app().changeConfig(mia, "echo", { enabled: false });
    await aMoment();
    expect(await all()).toEqual([off, off, on, on]);
    await app().people.changeUser(owner, "olaf", { tools_deny: ["letters"] });
    await aMoment();
    expect(await all()).toEqual([off, off, { ...on, letters: "disabled" }, on]);
    await app().resetConfig(mia, "echo");
    await aMoment();
    expect(await all()).toEqual([on, on, { ...on, letters: "disabled" }, on]);
  });
});

test("a token of one tool is listed one, before and after the whole list was asked for", async () => {
  const { secret } = await server.app.people.createToken(mia, { name: "one", tools: ["letters"] });
  expect(Object.keys(await list(secret))).toEqual(["letters"]);
  expect(Object.keys(await list(session)).sort()).toEqual(["echo", "letters"]);
  expect(Object.keys(await list(secret))).toEqual(["letters"]);
});

test("users whose names hold quotes, slashes or words that keys begin with are kept apart", async () => {
  const names = ["a", 'a"b', 'a\\"b', "a/google", "a:google", "names", "quota"];
  const sessions = await Promise.all(names.map((name) => logIn(server, name)));
  for (const [at, name] of names.entries()) {
    await server.app.changeConfig({ ...mia, userId: name }, "echo", { enabled: at % 2 === 0 });
    for (const auth of sessions) await list(auth);
  }
  const seen = await Promise.all(sessions.map(list));
  expect(seen.map(({ echo: status }) => status)).toEqual(
    names.map((_, at) => (at % 2 === 0 ? "available" : "disabled")),
  );
});

test("a quota of 30 lets 30 of 80 calls at once in, half of them by another process", async () => {
  const call = (app: App) => app.execute({ tool: "echo", caller: mia, parameters: { text: "x" } });
  const outcomes = await Promise.all(Array.from({ length: 80 }, (_, at) => call(at % 2 ? elsewhere : server.app)));
  expect(outcomes.filter(({ ok }) => ok).length).toBe(30);
  await aMoment();
  const shown = async (app: App) => (await app.showTool("mia", "echo")).quota?.remaining;
  expect([await shown(server.app), await shown(elsewhere)]).toEqual([0, 0]);
});
