import { mkdtempSync, rmSync } from "node:fs";
import { request as httpsRequest } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keepLan } from "../../src/daemon/lan-keeper.ts";
import type { LanState } from "../../src/daemon/record.ts";
import { listen } from "../../src/http/server.ts";
import type { OwnAddress } from "../../src/lan/addresses.ts";
import { bootApp } from "./home.ts";
import type { Answer } from "./phone.ts";

/** An address that stands for one in a network, on loopback where every computer has it. */
export const wlan: OwnAddress = { address: "127.0.0.3", name: "wlan0", network: "127.0.0.0/24" };

/** The program with both listeners on free ports. The address of the second can come, go and change. */
export async function bootLan({
  addresses = [wlan],
  wanted = wlan.address,
  ...more
}: Partial<{ addresses: OwnAddress[]; wanted: string }> & Parameters<typeof bootApp>[0] = {}) {
  const { env, ...options } = more;
  const app = await bootApp({ ...options, env: { LAN: "on", LAN_ADDRESS: wanted, LAN_PORT: "0", ...env } });
  const { ensureIdentity, readIdentity } = await import("../../src/lan/identity.ts");
  const folder = app.settings.home.keys;
  await ensureIdentity({ folder, address: wlan, now: app.now(), mayReplace: true });
  const server = listen(app, { hostname: "127.0.0.1", port: 0 });
  const have = { addresses };
  const states: LanState[] = [];
  const keeper = await keepLan(app, server, (state) => states.push(state), {
    addresses: () => have.addresses,
    everyMs: 3_600_000,
  });
  const state = (): LanState | undefined => states.at(-1);
  const url = (): string => {
    const last = state();
    if (!last?.listening) throw new Error("it does not listen on the LAN");
    return last.url;
  };
  const identity = () => {
    const found = readIdentity(folder);
    if (!found) throw new Error("it has no identity");
    return found;
  };
  // Bun's own client takes no address below an authority that is bound to addresses, so it says by name whom it wants.
  const trust = () => ({ ca: identity().authority, serverName: identity().names[0] });
  return {
    app,
    states,
    state,
    url,
    identity,
    keeper,
    plain: `http://127.0.0.1:${server.port}`,
    /** What this computer has from now on; the keeper looks at once. */
    async have(next: OwnAddress[]) {
      have.addresses = next;
      await keeper.check();
    },
    /** As a client that trusts the authority of the daemon and nobody else. */
    fetch: (path: string, init: RequestInit = {}) =>
      fetch(`${url()}${path}`, { ...init, redirect: "manual", tls: trust() } as RequestInit),
    async post(path: string, body: unknown): Promise<Answer> {
      const response = await fetch(`${url()}/api/v1${path}`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(body),
        tls: trust(),
      } as RequestInit);
      return { status: response.status, json: await response.json() };
    },
    /** The same from another address of this computer, as another phone. */
    postFrom: (localAddress: string, path: string, body: unknown): Promise<Answer> =>
      new Promise((resolve, reject) => {
        const { hostname: host, port } = new URL(url());
        const { ca, serverName: servername = "" } = trust();
        const options = {
          host,
          port,
          path: `/api/v1${path}`,
          method: "POST",
          localAddress,
          ca,
          servername,
          agent: false,
        };
        const headers = { "content-type": "application/json" };
        const request = httpsRequest({ ...options, headers }, (response) => {
          let text = "";
          response.on("data", (data) => {
            text += data;
          });
          response.on("end", () => resolve({ status: response.statusCode ?? 0, json: JSON.parse(text) }));
        });
        request.on("error", reject);
        request.end(JSON.stringify(body));
      }),
    async [Symbol.asyncDispose]() {
      await keeper.stop();
      await server.stop(100);
      await app[Symbol.asyncDispose]();
    },
  };
}

/** A certificate and key of somebody else for the same address. */
export async function makeForeignIdentity(address = wlan) {
  const folder = mkdtempSync(join(tmpdir(), "mcqueen-foreign-"));
  const { ensureIdentity } = await import("../../src/lan/identity.ts");
  const made = await ensureIdentity({ folder: join(folder, "keys"), address, now: new Date(), mayReplace: true });
  rmSync(folder, { recursive: true, force: true });
  return made;
}
