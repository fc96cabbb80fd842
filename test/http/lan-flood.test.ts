import { expect, test } from "bun:test";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { request } from "node:https";
import { connect } from "node:net";
import { randomText } from "../../src/core/secret.ts";
import { terminal } from "../support/client.ts";
import { bootLan } from "../support/lan.ts";
import { type Answer, claimAs } from "../support/phone.ts";

test("a flood of connections from one address is cut at 64, and the phone at another is served", async () => {
  await using lan = await bootLan();
  const { hostname, port } = new URL(lan.url());
  const count = 200;
  let closed = 0;
  const enough = Promise.withResolvers<void>();
  const sockets = Array.from({ length: count }, () => {
    const socket = connect({ host: hostname, port: Number(port), localAddress: "127.0.0.9" });
    socket.on("error", () => undefined);
    socket.on("close", () => {
      closed += 1;
      if (closed === count - 64) enough.resolve();
    });
    return socket;
  });
  await enough.promise;
  expect((await lan.fetch("/api/v1/health")).status).toBe(200);
  expect((await fetch(`${lan.plain}/api/v1/health`)).status).toBe(200);
  for (const socket of sockets) socket.destroy();
});

test("10,000 guesses at a code, with the limits as they are: most are not looked at, and a fresh code pairs the phone", async () => {
  await using lan = await bootLan();
  const { pin } = lan.identity();
  const first = await lan.app.pairing.open(terminal, { via: "lan", pin }, {});
  const counts = new Map<number, number>();
  for (let round = 0; round < 200; round++) {
    const guess = () => lan.post("/devices/claim", { code: randomText(16, "base64url"), name: "Guess" });
    for (const { status } of await Promise.all(Array.from({ length: 50 }, guess)))
      counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual([401, 429]);
  expect(counts.get(401)).toBeLessThanOrEqual(5);
  expect((await lan.app.pairing.look(first.id)).status).toBe("burned");
  expect(await lan.app.devices.list()).toEqual([]);
  // The phone is at another address, which has a count of its own.
  const { code } = await lan.app.pairing.open(terminal, { via: "lan", pin }, {});
  const from = (path: string, body: unknown): Promise<Answer> => lan.postFrom("127.0.0.8", path, body);
  expect((await claimAs(from, code, pin)).number).toMatch(/^\d{6}$/);
}, 60_000);

test("nobody in the network says by a header who they are, also where proxies are trusted", async () => {
  await using lan = await bootLan({ env: { TRUSTED_PROXIES: "127.0.0.0/8", RATE_LIMIT_MAX: "3" } });
  const statuses: number[] = [];
  for (let at = 0; at < 6; at++) {
    const headers = { "x-forwarded-for": `198.51.100.${at}` };
    statuses.push((await lan.fetch("/api/v1/mcp/tools", { headers })).status);
  }
  expect(statuses).toEqual([401, 401, 401, 429, 429, 429]);
});

/** The ports of this computer from which a port on 127.0.0.1 has connections. */
const portsInto = (port: number): number[] =>
  readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, , remote = "", state]) => state === "01" && remote === `0100007F:${hex(port)}`)
    .map(([, local = ""]) => Number.parseInt(local.slice(-4), 16));

const hex = (port: number): string => port.toString(16).toUpperCase().padStart(4, "0");

/** The ports on 127.0.0.1 that this very process listens on. */
function ownPorts(): number[] {
  const own = new Set(
    readdirSync("/proc/self/fd").flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/self/fd/${fd}`))?.[1] ?? [];
      } catch {
        return []; // The folder's own descriptor is closed by now.
      }
    }),
  );
  return readFileSync("/proc/net/tcp", "utf8")
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(
      ([, local = "", , state, , , , , , inode = ""]) => /^0100007F:/.test(local) && state === "0A" && own.has(inode),
    )
    .map(([, local = ""]) => Number.parseInt(local.slice(-4), 16));
}

test.skipIf(process.platform !== "linux")(
  "the inner side of the listener answers nobody who does not come through",
  async () => {
    await using lan = await bootLan();
    const { port } = new URL(lan.url());
    const inner = ownPorts().filter((each) => each !== Number(new URL(lan.plain).port));
    expect(inner.length).toBe(1);
    const { authority, names } = lan.identity();
    const ask = (path: string) =>
      fetch(`https://127.0.0.1:${inner[0]}${path}`, {
        headers: { host: `127.0.0.3:${port}` },
        tls: { ca: authority, serverName: names[0] },
      } as RequestInit);
    expect((await ask("/api/v1/health")).status).toBe(403);
    expect((await ask("/lan/ca.crt")).status).toBe(403);
  },
);

test.skipIf(process.platform !== "linux")(
  "nobody on this computer passes for a phone by taking its connection's port at another address of loopback",
  async () => {
    await using lan = await bootLan();
    const { hostname, port } = new URL(lan.url());
    const { authority, names } = lan.identity();
    const trust = { ca: authority, servername: names[0] ?? "", agent: false as const };
    const ask = (to: { host: string; port: number; localAddress: string; localPort?: number }): Promise<number> =>
      new Promise((resolve, reject) => {
        const headers = { host: `${hostname}:${port}`, connection: "keep-alive" };
        const sent = request({ ...to, ...trust, path: "/api/v1/health", headers }, (answer) => {
          answer.resume();
          resolve(answer.statusCode ?? 0);
        });
        sent.on("error", reject);
        sent.end();
      });
    const inner = ownPorts().find((each) => each !== Number(new URL(lan.plain).port)) ?? 0;
    const phone = connect({ host: hostname, port: Number(port), localAddress: "127.0.0.9" });
    let taken = portsInto(inner);
    for (; taken.length === 0; taken = portsInto(inner)) await Bun.sleep(1);
    const [localPort = 0] = taken;
    expect(await ask({ host: hostname, port: Number(port), localAddress: "127.0.0.8" })).toBe(200);
    expect(await ask({ host: "127.0.0.1", port: inner, localAddress: "127.0.0.2", localPort })).toBe(403);
    phone.destroy();
  },
);
