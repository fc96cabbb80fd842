import { expect, test } from "bun:test";
import fc from "fast-check";
import { silentLogger } from "../../src/log.ts";
import { logIn } from "../support/people.ts";
import { sendRaw } from "../support/raw.ts";
import { bootServer } from "../support/server.ts";
import { createLetters, echo, toyAdapter } from "../support/toys.ts";
import { expectations } from "./matrix.ts";

const wild = fc.string({
  maxLength: 60,
  unit: fc.constantFrom(..."aZ09/%.\\?#&=;:@ \"'<>{}[]|^`~-_+*!,é中\u0000\u001b\u202e"),
});
const corpus = [
  "../../etc/passwd",
  "%2e%2e%2f",
  "' OR 1=1 --",
  "1; DROP TABLE users",
  "__proto__",
  "constructor",
  "\u0000",
  "#{7*7}",
  "%00",
  "%ff",
  "a".repeat(2000),
];
const text = fc.oneof(wild, fc.constantFrom(...corpus));
const paths = Object.values(expectations).map(({ path }) => path);
const path = fc.oneof(
  fc.constantFrom(...paths),
  fc.tuple(fc.constantFrom(...paths), text).map(([base, tail]) => `${base}/${encodeURIComponent(tail)}`),
  text.map((tail) => `/api/v1/mcp/tools/${encodeURIComponent(tail)}/execute`),
  text.map((tail) => `/api/v1/users/${encodeURIComponent(tail)}`),
  fc
    .tuple(fc.constantFrom(...paths), text)
    .map(([base, tail]) => `${base}?${encodeURIComponent(tail)}=${encodeURIComponent(tail)}`),
);
const body = fc.oneof(
  fc.jsonValue().map((value) => JSON.stringify(value)),
  text,
  fc
    .record({ parameters: fc.dictionary(text, fc.jsonValue()), voice_confirmations: fc.jsonValue() })
    .map((value) => JSON.stringify(value)),
  fc
    .record({ custom_settings: fc.dictionary(text, fc.jsonValue()), priority: fc.jsonValue() })
    .map((value) => JSON.stringify(value)),
);
const request = fc.record({
  method: fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"),
  path,
  body: fc.option(body, { nil: undefined }),
  type: fc.constantFrom(
    "application/json",
    "application/json; charset=utf-16",
    "text/plain",
    "application/x-www-form-urlencoded",
  ),
  who: fc.constantFrom("admin", "member", "nobody"),
  odd: fc.option(fc.string({ maxLength: 30, unit: fc.constantFrom(..."abc;=,/ \t") }), { nil: undefined }),
});

test("ten thousand odd requests: no defect, no restart, memory bounded", async () => {
  await using server = await bootServer({
    adapters: [toyAdapter(echo, createLetters().tool)],
    log: {
      ...silentLogger,
      error: (message, fields) => void process.stderr.write(`${message} ${Bun.inspect(fields)}\n`),
    },
    env: { RATE_LIMIT_MAX: "100000000", RATE_LIMIT_SESSION_MAX: "100000000", LOGIN_RATE_MAX: "100000000" },
  });
  const logInAll = async (): Promise<Record<string, string | null>> => ({
    admin: await logIn(server, "root", "admin"),
    member: await logIn(server, "mia"),
    nobody: null,
  });
  const counts = new Map<number, number>();
  const before = process.memoryUsage.rss();
  await fc.assert(
    fc.asyncProperty(fc.array(request, { minLength: 50, maxLength: 50 }), async (batch) => {
      // A request of the batch before may have ended a session, or demoted or removed a user.
      const who = await logInAll();
      await Promise.all(
        batch.map(async ({ method, path: target, body: sent, type, who: name, odd }) => {
          const carries = sent !== undefined && method !== "GET" && method !== "HEAD";
          const reply = await server.send({
            method,
            path: target,
            unread: target.includes("/events"),
            auth: who[name] ?? null,
            headers: { "content-type": type, ...(odd === undefined ? {} : { "x-odd": odd.trim() }) },
            ...(carries ? { raw: sent } : {}),
          });
          counts.set(reply.status, (counts.get(reply.status) ?? 0) + 1);
          expect(reply.status).not.toBe(500);
          if (!target.startsWith("/docs")) expect(reply.text).not.toMatch(/node_modules|\.ts:\d|SQLITE|SyntaxError/);
        }),
      );
    }),
    { numRuns: 200, endOnFailure: true },
  );
  const grownMiB = (process.memoryUsage.rss() - before) / 1024 / 1024;
  process.stderr.write(
    `fuzz, answers per status: ${JSON.stringify(Object.fromEntries([...counts].sort()))}, memory +${grownMiB.toFixed(0)} MiB\n`,
  );
  expect([...counts.values()].reduce((sum, count) => sum + count, 0)).toBe(10_000);
  expect(counts.get(200)).toBeGreaterThan(0);
  expect(grownMiB).toBeLessThan(300);
  expect((await server.send({ path: "/api/v1/health", auth: null })).status).toBe(200);
}, 120_000);

test("bytes that are no request do no harm", async () => {
  await using server = await bootServer({ adapters: [] });
  const rows = [
    "\r\n\r\n",
    "GET\r\n\r\n",
    "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
    "\u0000\u0001\u0002\r\n\r\n",
    `GET / HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nContent-Length: -5\r\nConnection: close\r\n\r\n`,
    `POST /api/v1/auth/login HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\nConnection: close\r\n\r\n0\r\n\r\n`,
    `GET /${"a".repeat(70_000)} HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nConnection: close\r\n\r\n`,
    `GET / HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\n${"X-A: b\r\n".repeat(5000)}Connection: close\r\n\r\n`,
  ];
  for (const row of rows) {
    const { status, text } = await Promise.race([
      sendRaw(server.port, row),
      Bun.sleep(500).then(() => ({ status: 0, text: "" })),
    ]);
    expect({
      row: row.slice(0, 40),
      fine: status === 0 || status === 505 || (status >= 400 && status < 500),
      text: text.includes("node_modules"),
    }).toMatchObject({ fine: true, text: false });
  }
  expect((await server.send({ path: "/api/v1/health", auth: null })).status).toBe(200);
});
