import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { X509Certificate } from "node:crypto";
import { request as httpsRequest } from "node:https";
import { type AddressInfo, connect as connectTcp, createServer, type Socket } from "node:net";
import { connect, type TLSSocket } from "node:tls";
import { pinOf } from "../../src/lan/certificate.ts";
import { secretsIn } from "../support/canaries.ts";
import { bootLan, makeForeignIdentity, wlan } from "../support/lan.ts";
import { type Answer, claimAs } from "../support/phone.ts";

let lan: Awaited<ReturnType<typeof bootLan>>;
beforeEach(async () => {
  lan = await bootLan();
});
afterEach(() => lan[Symbol.asyncDispose]());

const me = { userId: "owner", role: "admin", entrance: "cli", credentialId: "terminal", interactive: true } as const;

/** What a socket says to bytes that are written as they are. */
function say(host: string, port: number, text: string): Promise<string> {
  return new Promise((resolve) => {
    let heard = "";
    const socket = connectTcp(port, host, () => socket.write(text));
    socket.on("data", (data) => {
      heard += data.toString("latin1");
    });
    socket.on("error", () => resolve(heard));
    socket.on("close", () => resolve(heard));
  });
}

/** A client that pins a key: it looks at the certificate before it sends a byte. */
function askPinned(url: string, pin: string, request: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
      const seen = new X509Certificate(socket.getPeerX509Certificate()?.raw ?? "");
      if (pinOf(seen) !== pin) {
        socket.destroy();
        return reject(new Error("another key"));
      }
      socket.write(request);
    });
    let heard = "";
    socket.on("data", (data) => {
      heard += data.toString();
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(heard));
  });
}

describe("the listener on the LAN", () => {
  test("answers with TLS, under the certificate of its authority", async () => {
    const response = await lan.fetch("/api/v1/health");
    expect([response.status, lan.url().startsWith("https://127.0.0.3:")]).toEqual([200, true]);
    await expect(fetch(`${lan.url()}/api/v1/health`)).rejects.toThrow();
  });

  test("plain HTTP gets no answer there", async () => {
    const { hostname, port } = new URL(lan.url());
    const heard = await say(hostname, Number(port), `GET /api/v1/health HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`);
    expect(heard).not.toContain("HTTP/1.1 200");
    expect(heard).not.toContain("success");
  });

  test("speaks no TLS before 1.2", async () => {
    const { hostname, port } = new URL(lan.url());
    const outcome = await new Promise<string>((resolve) => {
      const old = { minVersion: "TLSv1.1", maxVersion: "TLSv1.1" } as const;
      const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false, ...old }, () => {
        resolve(socket.getProtocol() ?? "none");
        socket.destroy();
      });
      socket.on("error", () => resolve("refused"));
    });
    expect(outcome).toBe("refused");
  });

  test.each([
    ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"],
    ["ECDHE-ECDSA-CHACHA20-POLY1305", "ECDHE-ECDSA-CHACHA20-POLY1305"],
    ["ECDHE-ECDSA-AES128-SHA", "refused"],
    ["ECDHE-ECDSA-AES256-SHA", "refused"],
  ])("in TLS 1.2, asked for %s it says %s", async (ciphers, outcome) => {
    const { hostname, port } = new URL(lan.url());
    for (const servername of [undefined, lan.identity().names[0]]) {
      const agreed = await new Promise<string>((resolve) => {
        const options = { maxVersion: "TLSv1.2", ciphers, ...(servername ? { servername } : {}) } as const;
        const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false, ...options }, () => {
          resolve(socket.getCipher().name);
          socket.destroy();
        });
        socket.on("error", () => resolve("refused"));
      });
      expect(agreed).toBe(outcome);
    }
  });

  test("a stranger reads nothing and calls nothing; the local token opens nothing there", async () => {
    for (const bearer of [undefined, lan.app.localToken(), "mcq_s_guess", "mcq_d_guess"]) {
      const headers: Record<string, string> = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
      for (const path of ["/api/v1/mcp/tools", "/api/v1/mcp/history", "/api/v1/users", "/api/v1/devices"]) {
        expect([path, (await lan.fetch(path, { headers })).status]).toEqual([path, 401]);
      }
    }
    const here = await fetch(`${lan.plain}/api/v1/mcp/tools`, {
      headers: { authorization: `Bearer ${lan.app.localToken()}` },
    });
    expect(here.status).toBe(200);
  });

  test.each([
    // Its address stands for one in a network on loopback, where localhost is a name of it.
    ["localhost", 200],
    ["evil.example", 421],
    ["127.0.0.1", 421],
  ])("called %s it answers %p, as each listener has names of its own", async (host, status) => {
    const { port } = new URL(lan.url());
    const response = await lan.fetch("/api/v1/health", { headers: { host: `${host}:${port}` } });
    expect(response.status).toBe(status);
    const plain = await fetch(`${lan.plain}/api/v1/health`, { headers: { host: new URL(lan.url()).host } });
    expect(plain.status).toBe(421);
  });

  test("gives its authority and the page that helps to install it, without a credential", async () => {
    const certificate = await lan.fetch("/lan/ca.crt");
    expect(certificate.headers.get("content-type")).toBe("application/x-x509-ca-cert");
    expect(new X509Certificate(await certificate.text()).fingerprint256).toBe(lan.identity().fingerprint);
    const page = await (await lan.fetch("/lan")).text();
    expect(page.replaceAll("\n", "")).toContain(lan.identity().fingerprint);
    expect(page).toContain(lan.url());
    expect((await lan.fetch("/pair")).status).toBe(200);
  });

  test("a phone that pins the key pairs there, and the number holds the pin", async () => {
    const { pin } = lan.identity();
    const { id, code } = await lan.app.pairing.open(me, { via: "lan", pin }, {});
    const phone = await claimAs(lan.post, code, pin);
    expect((await lan.app.pairing.look(id)).number).toBe(phone.number);
    await lan.app.pairing.confirm(me, id);
    const { device_token: token } = (await phone.wait(5)).json;
    const { session } = (await lan.post("/auth/device", { device_token: token })).json;
    const headers = { authorization: `Bearer ${session.session_id}` };
    expect((await lan.fetch("/api/v1/mcp/tools", { headers })).status).toBe(200);
  });

  test("the code of a phone that saw another key leads to another number", async () => {
    const { pin } = lan.identity();
    const foreign = await makeForeignIdentity();
    const { id, code } = await lan.app.pairing.open(me, { via: "lan", pin }, {});
    const phone = await claimAs(lan.post, code, foreign.pin);
    expect((await lan.app.pairing.look(id)).number).not.toBe(phone.number);
  });

  test("a client that pins refuses a swapped certificate before it sends anything", async () => {
    const { pin, authority } = lan.identity();
    const foreign = await makeForeignIdentity();
    const heard: string[] = [];
    const [tls] = foreign.tls;
    using impostor = Bun.listen({
      hostname: wlan.address,
      port: 0,
      tls: { key: tls?.key ?? "", cert: tls?.cert ?? "" },
      socket: { data: (_socket, data) => void heard.push(data.toString()) },
    });
    const url = `https://${wlan.address}:${impostor.port}`;
    const canary = "GET /canary HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    await expect(askPinned(url, pin, canary)).rejects.toThrow("another key");
    const asked = fetch(`${url}/canary`, {
      headers: { authorization: "Bearer canary" },
      tls: { ca: authority },
    } as never);
    await expect(asked).rejects.toThrow();
    expect(heard).toEqual([]);
    const { host } = new URL(lan.url());
    const real = `GET /api/v1/health HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`;
    expect(await askPinned(lan.url(), pin, real)).toContain("200 OK");
  });
});

/** Hands bytes on, and keeps what went by: what somebody in the network sees. */
function tap(url: string) {
  const seen: Buffer[] = [];
  const { hostname, port } = new URL(url);
  const server = createServer((phone) => {
    const daemon = connectTcp(Number(port), hostname);
    const pipe = (from: Socket, to: Socket): void => {
      from.on("data", (data: Buffer) => {
        seen.push(data);
        to.write(data);
      });
      from.on("close", () => to.destroy());
      from.on("error", () => to.destroy());
    };
    pipe(phone, daemon);
    pipe(daemon, phone);
  });
  const listening = new Promise<number>((resolve) => {
    server.listen(0, "127.0.0.5", () => resolve((server.address() as AddressInfo).port));
  });
  return { seen: () => Buffer.concat(seen).toString("latin1"), listening, stop: () => server.close() };
}

test("who listens in the network sees nothing of a paired session", async () => {
  const { pin, authority, names } = lan.identity();
  const wire = tap(lan.url());
  const port = await wire.listening;
  const { host } = new URL(lan.url());
  const canary = "canary-in-the-mine-7d1f";
  const ask = (path: string, body?: unknown, bearer?: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const headers = {
        host,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
      };
      const options = { host: "127.0.0.5", port, path: `/api/v1${path}`, headers, ca: authority, agent: false };
      const method = body === undefined ? "GET" : "POST";
      const request = httpsRequest({ ...options, method, servername: names[0] ?? "" }, (response) => {
        let text = "";
        response.on("data", (data) => {
          text += data;
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, json: JSON.parse(text) }));
      });
      request.on("error", reject);
      request.end(body === undefined ? undefined : JSON.stringify(body));
    });
  const { id, code } = await lan.app.pairing.open(me, { via: "lan", pin }, {});
  const phone = await claimAs(ask, code, pin, canary);
  await lan.app.pairing.confirm(me, id);
  const { device_token: token } = (await phone.wait(5)).json;
  const { session } = (await ask("/auth/device", { device_token: token })).json;
  const listed = await ask("/devices", undefined, session.session_id);
  expect(listed.json.devices[0].name).toBe(canary);
  wire.stop();
  expect(wire.seen().length).toBeGreaterThan(2_000);
  expect(secretsIn(wire.seen(), [canary, code, phone.token, token, session.session_id])).toEqual([]);
});

describe("the address of the listener", () => {
  test("once gone, nothing listens, and it is said; back again, it listens", async () => {
    const { hostname, port } = new URL(lan.url());
    await lan.have([]);
    expect(lan.state()).toMatchObject({ listening: false, why: expect.stringContaining("does not have 127.0.0.3") });
    expect(await say(hostname, Number(port), "x")).toBe("");
    await lan.have([wlan]);
    expect((await lan.fetch("/api/v1/health")).status).toBe(200);
    expect(new URL(lan.url()).port).toBe(port);
  });

  test("when it changes, the listener moves with it, and the pin stays", async () => {
    const { pin } = lan.identity();
    await using moving = await bootLan({ wanted: "wlan0" });
    const before = moving.identity();
    await moving.have([{ ...wlan, address: "127.0.0.4" }]);
    expect(new URL(moving.url()).hostname).toBe("127.0.0.4");
    expect((await moving.fetch("/api/v1/health")).status).toBe(200);
    expect([moving.identity().pin, moving.identity().fingerprint]).toEqual([before.pin, before.fingerprint]);
    expect(pin).not.toBe(before.pin);
  });

  test("in another network it waits for the person", async () => {
    await using moving = await bootLan({ wanted: "wlan0" });
    await moving.have([{ ...wlan, address: "127.1.0.4", network: "127.1.0.0/24" }]);
    expect(moving.state()).toMatchObject({ listening: true });
    await moving.have([{ ...wlan, address: "10.0.0.4", network: "10.0.0.0/24" }]);
    expect(moving.state()).toMatchObject({ listening: false, hint: expect.stringContaining("mcqueen lan on") });
  });

  test("without it from the start, the daemon serves this computer and waits", async () => {
    await using waiting = await bootLan({ addresses: [] });
    expect(waiting.states).toEqual([expect.objectContaining({ listening: false })]);
    expect((await fetch(`${waiting.plain}/api/v1/health`)).status).toBe(200);
    await waiting.have([wlan]);
    expect((await waiting.fetch("/api/v1/health")).status).toBe(200);
  });
});
