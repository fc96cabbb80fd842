import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createApp } from "../../src/app.ts";
import { ensureIdentity } from "../../src/lan/identity.ts";
import { keepSettings } from "../../src/settings-file.ts";
import { run } from "../support/binary.ts";
import { secretsIn } from "../support/canaries.ts";
import { createHome } from "../support/home.ts";

setDefaultTimeout(120_000);
const space = `mcq${process.pid}`;
const [near, far] = [`${space}a`, `${space}b`];
const ip = (words: string) => Bun.spawnSync(["ip", ...words.split(" ")], { stderr: "pipe" });

/** Why there can be no second host here, or undefined. */
function whyNot(): string | undefined {
  if (!Bun.which("ip")) return "the command ip is missing";
  if (process.getuid?.() !== 0) return "it takes root";
  const made = ip(`netns add ${space}`);
  return made.exitCode === 0 ? undefined : `no network namespace can be made: ${made.stderr.toString().trim()}`;
}

const reason = whyNot();
const tcpdump = Bun.which("tcpdump");
const home = createHome();
const at = (...words: string[]) => run(words, { home: home.path });

beforeAll(() => {
  if (reason) return;
  for (const words of [
    `link add ${near} type veth peer name ${far}`,
    `link set ${far} netns ${space}`,
    `addr add 10.77.0.1/24 dev ${near}`,
    `link set ${near} up`,
    `netns exec ${space} ip addr add 10.77.0.2/24 dev ${far}`,
    `netns exec ${space} ip link set ${far} up`,
    `netns exec ${space} ip link set lo up`,
  ]) {
    const done = ip(words);
    if (done.exitCode !== 0) throw new Error(`ip ${words}: ${done.stderr.toString()}`);
  }
});
afterAll(async () => {
  if (!reason) {
    await at("daemon", "stop");
    ip(`link del ${near}`);
    ip(`netns del ${space}`);
  }
  home[Symbol.dispose]();
});

test.skipIf(reason !== undefined)(
  `a second host reads and calls nothing until it is paired${reason ? ` (left out: ${reason})` : ""}`,
  async () => {
    const settings = home.settings();
    const address = { address: "10.77.0.1", name: near, network: "10.77.0.0/24" };
    const identity = await ensureIdentity({ folder: settings.home.keys, address, now: new Date(), mayReplace: true });
    keepSettings(settings.home, { LAN: "on", LAN_ADDRESS: near, LAN_PORT: "0" });
    const started = (await at("daemon", "start", "--port", "0", "--json")).json.data;
    expect(started.lan).toMatchObject({ listening: true, pin: identity.pin });

    const capture = join(home.path, "capture.pcap");
    const watching = tcpdump
      ? Bun.spawn([tcpdump, "-i", near, "-U", "-w", capture], { stderr: "pipe", stdout: "ignore" })
      : undefined;
    if (watching) await watching.stderr.getReader().read();
    await using app = await openApp();
    const me = {
      userId: "owner",
      role: "admin",
      entrance: "cli",
      credentialId: "terminal",
      interactive: true,
    } as const;
    const { id, code } = await app.pairing.open(me, { via: "lan" }, {});
    const words = [started.lan.url, new URL(started.url).port, identity.authority, identity.names[0] ?? "", code];
    const script = join(import.meta.dir, "../support/second-host.ts");
    const host = Bun.spawn(["ip", "netns", "exec", space, process.execPath, script, ...words], {
      stdout: "pipe",
      stderr: "pipe",
    });
    const reader = host.stdout.getReader();
    const first = await reader.read();
    if (!first.value) throw new Error(await host.stderr.text());
    expect(new TextDecoder().decode(first.value)).toContain("claimed");
    await app.pairing.confirm(me, id);
    let told = "";
    for (let part = await reader.read(); part.value; part = await reader.read())
      told += new TextDecoder().decode(part.value);
    const { secrets, ...found } = JSON.parse(told);
    expect(found).toEqual({
      loopbackPort: "ECONNREFUSED",
      plaintext: expect.not.stringContaining("HTTP/1.1 200"),
      unpaired: Object.fromEntries(Object.keys(found.unpaired).map((route) => [route, 401])),
      paired: 200,
      name: secrets[0],
    });
    watching?.kill("SIGINT");
    await watching?.exited;
    if (watching) expect(secretsIn(readFileSync(capture, "latin1"), secrets)).toEqual([]);
  },
);

async function openApp() {
  const app = await createApp({ settings: home.settings(), lockWaitMs: 5_000 });
  return { pairing: app.pairing, [Symbol.asyncDispose]: () => app.close() };
}
