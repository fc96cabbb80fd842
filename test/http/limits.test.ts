import { describe, expect, test } from "bun:test";
import { clientAddress, parseProxies } from "../../src/http/address.ts";
import { owner } from "../support/home.ts";
import { logIn } from "../support/people.ts";
import { sendRaw } from "../support/raw.ts";
import { bootServer } from "../support/server.ts";
import { echo, toyAdapter } from "../support/toys.ts";

const tools = "/api/v1/mcp/tools";
function tally(statuses: number[]): Record<number, number> {
  const sums: Record<number, number> = {};
  for (const status of statuses) sums[status] = (sums[status] ?? 0) + 1;
  return sums;
}

const say = (what: string, statuses: number[]): void =>
  void process.stderr.write(`${what}: ${JSON.stringify(tally(statuses))}\n`);

const request = (port: number, head: string, body = ""): string =>
  `${head}\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;

test.each(["{}", "x=1", "not JSON"])(
  "a body that comes with a GET (%s) has no meaning, and is no fault",
  async (body) => {
    await using server = await bootServer({ adapters: [] });
    const head = `GET ${tools} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${server.app.localToken()}`;
    const sent = `${head}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`;
    expect((await sendRaw(server.port, sent)).status).toBe(200);
  },
);

describe("rate limits", () => {
  test("a stranger gets 100 in the window, with the standard headers, and then the sentence", async () => {
    await using server = await bootServer({ adapters: [] });
    const first = await server.send({ path: tools, auth: null });
    expect([
      first.status,
      first.headers.get("ratelimit-limit"),
      first.headers.get("ratelimit-remaining"),
      first.headers.get("ratelimit-reset"),
    ]).toEqual([401, "100", "99", "900"]);
    for (let sent = 1; sent < 100; sent++) await server.send({ path: tools, auth: null });
    const over = await server.send({ path: tools, auth: null });
    expect([over.status, over.json.error, Number(over.headers.get("retry-after")) > 800]).toEqual([
      429,
      "Too many requests from this IP",
      true,
    ]);
    expect((await server.send({ path: "/api/v1/health", auth: null })).status).toBe(200);
    expect((await server.send({ path: tools })).status).toBe(200);
  });

  test("a thousand forged X-Forwarded-For are limited all the same", async () => {
    await using server = await bootServer({ adapters: [] });
    const statuses: number[] = [];
    for (let at = 0; at < 1000; at++) {
      const headers = {
        "x-forwarded-for": `203.0.${at % 256}.${Math.floor(at / 256)}`,
        forwarded: `for=198.51.100.${at % 256}`,
        "x-real-ip": `192.0.2.${at % 256}`,
      };
      statuses.push((await server.send({ path: tools, auth: null, headers })).status);
    }
    say("forged X-Forwarded-For", statuses);
    expect(tally(statuses)).toEqual({ 401: 100, 429: 900 });
  });

  test("from a trusted proxy the header counts, by its last untrusted address", async () => {
    await using server = await bootServer({
      adapters: [],
      env: { TRUSTED_PROXIES: "127.0.0.0/8", RATE_LIMIT_MAX: "3" },
    });
    const from = async (forwarded: string) =>
      (await server.send({ path: tools, auth: null, headers: { "x-forwarded-for": forwarded } })).status;
    const statuses = [];
    for (let at = 0; at < 5; at++) statuses.push(await from(`6.6.6.${at}, 203.0.113.7, 127.0.0.1`));
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    expect(await from("203.0.113.8")).toBe(401);
  });

  test("a session has a limit of its own, which others do not use up", async () => {
    await using server = await bootServer({ adapters: [toyAdapter(echo)], env: { RATE_LIMIT_SESSION_MAX: "5" } });
    const [first, second] = [await logIn(server, "ada"), await logIn(server, "bob")];
    const statuses: number[] = [];
    for (let at = 0; at < 7; at++) statuses.push((await server.send({ path: tools, auth: first })).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
    expect((await server.send({ path: tools, auth: second })).status).toBe(200);
  });

  test("the window ends", async () => {
    let offset = 0;
    await using server = await bootServer({
      adapters: [],
      env: { RATE_LIMIT_MAX: "1" },
      now: () => new Date(Date.now() + offset),
    });
    const ask = async () => (await server.send({ path: tools, auth: null })).status;
    expect([await ask(), await ask()]).toEqual([401, 429]);
    offset = 900_001;
    expect(await ask()).toBe(401);
  });
});

describe("guessing", () => {
  test("a thousand tries from 127.0.0.2 are braked, and 127.0.0.3 logs in meanwhile", async () => {
    await using server = await bootServer({ adapters: [], env: { RATE_LIMIT_MAX: "1000000" } });
    const guess = JSON.stringify({ user_id: "owner", auth_token: "eyJhbGciOiJIUzI1NiJ9.e30.AAAA" });
    const head = "POST /api/v1/auth/login HTTP/1.1";
    const statuses: number[] = [];
    for (let batch = 0; batch < 20; batch++) {
      const tries = Array.from({ length: 50 }, () =>
        sendRaw(server.port, request(server.port, head, guess), "127.0.0.2"),
      );
      statuses.push(...(await Promise.all(tries)).map(({ status }) => status));
    }
    say("guesses from 127.0.0.2", statuses);
    expect(tally(statuses)).toEqual({ 401: 5, 429: 995 });
    const { token } = await server.app.people.loginToken(owner, "owner", {});
    const honest = JSON.stringify({ user_id: "owner", auth_token: token });
    expect((await sendRaw(server.port, request(server.port, head, honest), "127.0.0.3")).status).toBe(200);
  });

  test("the wait grows with each further failure, up to a quarter of an hour, and a success ends it", async () => {
    let offset = 0;
    await using server = await bootServer({ adapters: [], now: () => new Date(Date.now() + offset) });
    const fail = () =>
      server.send({ path: "/api/v1/auth/login", auth: null, body: { user_id: "owner", auth_token: "x" } });
    const waits: number[] = [];
    for (let round = 0; round < 10; round++) {
      let reply = await fail();
      while (reply.status === 401) reply = await fail();
      waits.push(Number(reply.headers.get("retry-after")));
      offset += (waits.at(-1) ?? 0) * 1000 + 1000;
    }
    expect(waits.slice(0, 4)).toEqual([60, 120, 240, 480]);
    expect(Math.max(...waits)).toBe(900);
  });
});

describe("clientAddress", () => {
  const trusted = parseProxies(["10.0.0.0/8", "::1"]);
  const rows: [socket: string, forwarded: string | null, address: string][] = [
    ["203.0.113.1", "1.2.3.4", "203.0.113.1"],
    ["10.0.0.1", null, "10.0.0.1"],
    ["10.0.0.1", "1.2.3.4", "1.2.3.4"],
    ["10.0.0.1", "9.9.9.9, 1.2.3.4, 10.2.2.2", "1.2.3.4"],
    ["10.0.0.1", "nonsense, 10.2.2.2", "10.2.2.2"],
    ["::ffff:10.0.0.1", "1.2.3.4", "1.2.3.4"],
    ["::1", "2001:db8:1:2:3::4", "2001:db8:1:2::"],
    ["::ffff:203.0.113.1", "1.2.3.4", "203.0.113.1"],
  ];
  test.each(rows)("%s with %s is %s", (socket, forwarded, address) => {
    expect(clientAddress(socket, forwarded, trusted)).toBe(address);
  });

  test("a list that names no address is refused", () => {
    expect(() => parseProxies(["proxy.local"])).toThrow("proxy.local is no address or range");
  });
});
