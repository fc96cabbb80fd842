import { afterEach, describe, expect, test } from "bun:test";
import { X509Certificate } from "node:crypto";
import { rmSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { connect } from "node:tls";
import { readStatus } from "../../src/daemon/control.ts";
import { type RunningDaemon, startServing } from "../../src/daemon/serve.ts";
import { pinOf } from "../../src/lan/certificate.ts";
import { readAuthority } from "../../src/lan/identity.ts";
import { bootApp } from "../support/home.ts";

let app: Awaited<ReturnType<typeof bootApp>> | undefined;
let daemon: RunningDaemon | undefined;
afterEach(async () => {
  await daemon?.stop();
  if (!daemon) await app?.close();
  if (app) rmSync(app.homePath, { recursive: true, force: true });
  app = undefined;
  daemon = undefined;
});

async function serve(env: Record<string, string>, now = () => new Date()) {
  app = await bootApp({ env: { PORT: "0", ...env }, now });
  daemon = await startServing(app);
  return { app, record: daemon.record };
}

const proxy = { TLS: "proxy", PUBLIC_URL: "https://home.example.org", TRUSTED_PROXIES: "192.0.2.250" };
/** An address of this computer that is not loopback, as somebody in its network would use it. */
const outward = Object.values(networkInterfaces())
  .flat()
  .find((each) => each && !each.internal && each.family === "IPv4")?.address;

describe("HOST and TLS", () => {
  test.each([
    ["any address without a proxy", { HOST: "0.0.0.0" }, "forbidden"],
    ["any address with TLS of its own", { HOST: "0.0.0.0", TLS: "on" }, "forbidden"],
    ["any IPv6 address", { HOST: "::" }, "forbidden"],
    ["a proxy that nobody named", { ...proxy, TRUSTED_PROXIES: "" }, "invalid_parameters"],
    ["a proxy without its address", { ...proxy, PUBLIC_URL: "" }, "invalid_parameters"],
    ["a proxy that speaks plain HTTP", { ...proxy, PUBLIC_URL: "http://home.example.org" }, "invalid_parameters"],
  ])("refuse %s", async (_what, env, code) => {
    await expect(serve(env)).rejects.toMatchObject({ code });
  });

  test("TLS=on renews its certificate while it runs, at the same port and for the same key", async () => {
    const clock = { offsetMs: -61 * 24 * 60 * 60_000 };
    const { app, record } = await serve({ TLS: "on" }, () => new Date(Date.now() + clock.offsetMs));
    const port = Number(new URL(record.url).port);
    const shown = () =>
      new Promise<X509Certificate>((resolve, reject) => {
        const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false }, () => {
          resolve(new X509Certificate(socket.getPeerX509Certificate()?.raw ?? ""));
          socket.destroy();
        });
        socket.on("error", reject);
      });
    const first = await shown();
    await daemon?.renew();
    expect((await shown()).serialNumber).toBe(first.serialNumber);
    clock.offsetMs = 0;
    await daemon?.renew();
    const second = await shown();
    expect(second.serialNumber).not.toBe(first.serialNumber);
    expect(Date.parse(second.validTo)).toBeGreaterThan(Date.parse(first.validTo));
    expect(pinOf(second)).toBe(pinOf(first));
    const ca = readAuthority(app.settings.home.keys) ?? "";
    const answer = await fetch(`https://localhost:${port}/api/v1/health`, { tls: { ca } });
    expect(answer.status).toBe(200);
    await daemon?.renew();
    expect((await shown()).serialNumber).toBe(second.serialNumber);
  });

  test("TLS=on answers this computer by HTTPS, and its state is found", async () => {
    const { app, record } = await serve({ TLS: "on" });
    const { home } = app.settings;
    const ca = readAuthority(home.keys) ?? "";
    const answer = await fetch(`${record.url}/api/v1/health`, { tls: { ca } });
    expect([answer.status, new URL(record.url).protocol]).toEqual([200, "https:"]);
    expect((await readStatus(home)).health).toMatchObject({ status: "ok" });
    const plain = fetch(record.url.replace("https:", "http:"));
    await expect(plain.then(({ status }) => status)).rejects.toThrow();
  });
});

describe.skipIf(outward === undefined)("behind a TLS proxy", () => {
  const ask = (url: string) => fetch(url, { headers: { host: "home.example.org" } });

  test("the proxy is served, this computer too, and nobody else by plain HTTP", async () => {
    const { record } = await serve({ ...proxy, HOST: "0.0.0.0" });
    const { port } = new URL(record.url);
    expect((await ask(`http://127.0.0.1:${port}/api/v1/health`)).status).toBe(200);
    const stranger = await ask(`http://${outward}:${port}/api/v1/health`);
    expect([stranger.status, await stranger.text()]).toEqual([403, expect.stringContaining("TLS proxy")]);
  });

  test("the proxy is known by its address", async () => {
    const { record } = await serve({ ...proxy, HOST: "0.0.0.0", TRUSTED_PROXIES: outward ?? "" });
    const { port } = new URL(record.url);
    expect((await ask(`http://${outward}:${port}/api/v1/health`)).status).toBe(200);
    const other = await fetch(`http://${outward}:${port}/api/v1/health`, { headers: { host: "0.0.0.0" } });
    expect(other.status).toBe(421);
  });
});
