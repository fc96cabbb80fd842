import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type App, createApp } from "../../src/app.ts";
import { randomText } from "../../src/core/secret.ts";
import { listen } from "../../src/http/server.ts";
import { createLogger } from "../../src/log.ts";
import { filesWith, secretsIn } from "../support/canaries.ts";
import { createHome } from "../support/home.ts";
import { createParrot, manners } from "../support/messaging-parrot.ts";

setDefaultTimeout(60_000);
const tokens: string[] = [];
const bodies: string[] = [];
const make = (list: string[], text: string): string => {
  const made = text.replace("#", randomText(9, "hex"));
  list.push(made);
  return made;
};
const home = createHome();
const parrot = createParrot();
const number = "106540352242922";
const appSecret = make(tokens, "app-secret-#");
const env = {
  SLACK_BASE_URL: `${parrot.base}/slack`,
  WHATSAPP_BASE_URL: `${parrot.base}/whatsapp`,
  LINKEDIN_BASE_URL: `${parrot.base}/linkedin`,
  SLACK_BOT_TOKEN: make(tokens, "xoxb-1-#"),
  WHATSAPP_API_TOKEN: make(tokens, "EAA#"),
  WHATSAPP_APP_SECRET: appSecret,
  WHATSAPP_VERIFY_TOKEN: make(tokens, "verify word #"),
  WHATSAPP_PHONE_NUMBER_ID: number,
  RATE_LIMIT_MAX: "100000",
  RATE_LIMIT_SESSION_MAX: "100000",
};
const said: { where: string; text: string }[] = [];
let app: App;
let server: ReturnType<typeof listen>;
const logFile = (): string => readFileSync(join(home.path, "logs", "daemon.log"), "utf8");

beforeAll(async () => {
  const settings = home.settings(env);
  const file = join(settings.home.logs, "daemon.log");
  const log = await createLogger({ level: "trace", format: "json", file, secrets: settings.secrets });
  app = await createApp({ settings, log, lockWaitMs: 5_000 });
  server = listen(app, { hostname: "127.0.0.1", port: 0 });
});
afterAll(async () => {
  await server.stop(100);
  await app.close();
  parrot.stop();
  home[Symbol.dispose]();
});

async function ask(path: string, body?: string | object, headers: Record<string, string> = {}): Promise<number> {
  const answer = await fetch(`http://127.0.0.1:${server.port}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${app.localToken()}`, "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  said.push({ where: path, text: `${JSON.stringify(Object.fromEntries(answer.headers))} ${await answer.text()}` });
  return answer.status;
}
const run = (tool: string, parameters: object, confirmed: object = {}) =>
  ask(`/api/v1/mcp/tools/${tool}/execute`, { parameters, voice_confirmations: confirmed });
const sign = (raw: string, secret = appSecret) =>
  `sha256=${new Bun.CryptoHasher("sha256", secret).update(raw).digest("hex")}`;

function deliveryOf(body: string): string {
  const value = {
    metadata: { phone_number_id: number },
    contacts: [{ profile: { name: body }, wa_id: "447700900101" }],
    messages: [
      {
        from: "447700900101",
        id: `wamid.${randomText(9, "hex")}`,
        timestamp: String(Math.floor(Date.now() / 1000)),
        type: "text",
        text: { body },
      },
    ],
    statuses: [
      { id: "wamid.out", status: "failed", timestamp: "1700000000", errors: [{ code: 999_999, title: body }] },
    ],
  };
  return JSON.stringify({ entry: [{ changes: [{ field: "messages", value }] }] });
}

test("webhooks, good and bad", async () => {
  const statuses: number[] = [];
  const post = async (raw: string, signature: string) =>
    void statuses.push(await ask("/webhooks/whatsapp", raw, { "x-hub-signature-256": signature }));
  const good = deliveryOf(make(bodies, "inbound # words"));
  await post(good, sign(good));
  await post(good, sign(good, "another"));
  const broken = `{"text": "${make(bodies, "broken # words")}`;
  await post(broken, sign(broken));
  const long = deliveryOf(make(bodies, "long # words")).padEnd(4 * 1024 * 1024);
  await post(long, sign(long));
  expect(statuses).toEqual([200, 401, 400, 413]);
  const word = encodeURIComponent(env.WHATSAPP_VERIFY_TOKEN);
  const query = (guess: string) => `/webhooks/whatsapp?hub.mode=subscribe&hub.challenge=1&hub.verify_token=${guess}`;
  expect([await ask(query(word)), await ask(query(`${word}x`))]).toEqual([200, 403]);
});

test("messages that services take, refuse and repeat", async () => {
  const token = make(tokens, "AQX#");
  expect(await ask("/api/v1/auth/services/linkedin/token", { token })).toBe(200);
  for (const manner of manners) {
    parrot.state.manner = manner;
    const text = make(bodies, `outbound # ${manner.slice(0, 3)}`);
    const words = { action: true, to: true, text: true, template: true, variables: true, url_title: true, url: true };
    const { variables: _v, template: _t, url_title: _u, url: _l, ...plain } = words;
    await run("slack_personal", { action: "send", to: "C0GENERAL1", text });
    await run("slack_personal", { action: "send", to: "C0GENERAL1", text }, plain);
    await run("slack_personal", { action: "read", channel: "C0GENERAL1" });
    await run("slack_personal", { action: "list_channels" });
    await run("whatsapp_personal", { action: "send", to: "+447700900101", text }, plain);
    const { text: _text, ...template } = words;
    await run(
      "whatsapp_personal",
      { action: "send", to: "+447700900101", template: "hello_world", variables: [text] },
      template,
    );
    await run("whatsapp_personal", { action: "send", to: "+15550001111", text }, plain);
    await run("whatsapp_personal", { action: "read" });
    await run("linkedin_personal", { action: "profile" });
    await run("linkedin_personal", { action: "post", text }, { action: true, text: true });
  }
  const codes = new Set(said.flatMap(({ text }) => /"error_code":"(\w+)"/.exec(text)?.[1] ?? []));
  for (const code of ["auth_required", "confirmation_required", "upstream_rejected", "conflict"])
    expect(codes).toContain(code);
  expect(said.filter(({ text }) => text.includes('"success":true')).length).toBeGreaterThan(10);
  expect(parrot.state.asked).toBeGreaterThan(30);
});

test("no token was told or kept", async () => {
  for (const path of ["/mcp/history?limit=100", "/auth/accounts", "/auth/services", "/mcp/usage", "/health"])
    await ask(`/api/v1${path}`);
  // A service's words are cut short, and half a token would be one that nothing recognises.
  const halves = tokens.flatMap((token) => [token, token.slice(0, 14), token.slice(-14)]);
  expect(said.flatMap(({ where, text }) => secretsIn(text, halves).map((found) => `${where}: ${found}`))).toEqual([]);
  expect(filesWith(home.path, tokens)).toEqual([]);
});

test("what was said, and was said to us, stands in no log and in no line of the history", () => {
  expect(bodies.length).toBeGreaterThan(8);
  const log = logFile();
  expect(log).toContain("/webhooks/whatsapp");
  expect(secretsIn(log, bodies)).toEqual([]);
  const histories = said.filter(({ where }) => where.includes("/mcp/history"));
  expect(histories.map(({ text }) => text.includes("slack_personal"))).toEqual([true]);
  expect(histories.flatMap(({ text }) => secretsIn(text, bodies))).toEqual([]);
});
