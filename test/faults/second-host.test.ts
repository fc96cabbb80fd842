import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createApp } from "../../src/app.ts";
import { ensureIdentity } from "../../src/lan/identity.ts";
import { keepSettings } from "../../src/settings-file.ts";
import { expectations } from "../http/matrix.ts";
import { run } from "../support/binary.ts";
import { secretsIn } from "../support/canaries.ts";
import { type Flow, readFlows } from "../support/capture.ts";
import { terminal } from "../support/client.ts";
import { consentAt } from "../support/google.ts";
import { createHome } from "../support/home.ts";
import { startMailSandbox } from "../support/mailbox.ts";

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
const cleanUp: (() => Promise<unknown>)[] = [];
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
  for (const each of cleanUp) await each();
  home[Symbol.dispose]();
});

/** Watches the network until it is told to stop, and gives what each side said. */
async function watch(name: string) {
  const path = join(home.path, name);
  // Without the immediate mode, what is in the kernel's buffer yet would be lost at the end, and that is all of a short talk.
  const options = ["-i", near, "--immediate-mode", "-B", "16384", "-U", "-w", path];
  const child = Bun.spawn([tcpdump ?? "", ...options], { stderr: "pipe", stdout: "ignore" });
  const reader = child.stderr.getReader();
  let said = "";
  while (!said.includes("listening on")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`tcpdump does not listen: ${said}`);
    said += new TextDecoder().decode(value);
  }
  return async () => {
    // What was said before this is in the file once this is.
    const last = `the end of ${name}`;
    // Nobody listens there, which is told to us as an error; the packet is all that counts.
    const socket = await Bun.udpSocket({ socket: { error: () => undefined } });
    while (!readFileSync(path, "latin1").includes(last)) {
      socket.send(last, 9, "10.77.0.2");
      await Bun.sleep(20);
    }
    socket.close();
    child.kill("SIGINT");
    await child.exited;
    const pcap = readFileSync(path);
    return { raw: pcap.toString("latin1"), flows: readFlows(pcap) };
  };
}

const inSpace = (...words: string[]) =>
  Bun.spawn(["ip", "netns", "exec", space, process.execPath, ...words], { stdout: "pipe", stderr: "pipe" });

/** All that both sides said, and the packets as they were. */
const heardIn = ({ raw, flows }: { raw: string; flows: Flow[] }): string =>
  [raw, ...flows.map(({ bytes }) => bytes.toString("latin1"))].join("\n");

/** Every route that wants somebody who is known. */
const closedRoutes = Object.entries(expectations)
  .filter(([, { level }]) => !["open", "none", "signed", "form"].includes(level))
  .map(([route, { path, body }]) => ({ method: route.split(" ")[0], path, body }));

/** The owner's mailbox at the stand-in, linked by a program on this computer. */
async function linkMail(url: string, bearer: string): Promise<void> {
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  const post = async (path: string, body: unknown): Promise<any> => {
    const headers = { authorization: `Bearer ${bearer}`, "content-type": "application/json" };
    return (await fetch(`${url}/api/v1${path}`, { method: "POST", headers, body: JSON.stringify(body) })).json();
  };
  const { login } = await post("/auth/services/gmail/login", { mode: "paste" });
  const back = String(await consentAt(login.url, { email: "ada.lovelace@example.com" }));
  expect(await post(`/auth/logins/${login.id}/paste`, { url: back })).toMatchObject({ login: { status: "done" } });
}

const without = reason ?? (tcpdump ? undefined : "tcpdump is missing, so nobody listens");

test.skipIf(reason !== undefined)(
  `a second host reads and calls nothing until it is paired, and who listens learns nothing${without ? ` (left out: ${without})` : ""}`,
  async () => {
    const settings = home.settings();
    const address = { address: "10.77.0.1", name: near, network: "10.77.0.0/24" };
    const identity = await ensureIdentity({ folder: settings.home.keys, address, now: new Date(), mayReplace: true });
    keepSettings(settings.home, { LAN: "on", LAN_ADDRESS: near, LAN_PORT: "0" });
    const google = await startMailSandbox();
    cleanUp.push(() => google.stop());
    // Without it, a stranger who tries every route would be told to wait.
    const env = { ...google.baseUrls, RATE_LIMIT_MAX: "100000" };
    const started = (await run(["daemon", "start", "--port", "0", "--json"], { home: home.path, env })).json.data;
    expect(started.lan).toMatchObject({ listening: true, pin: identity.pin });
    const localToken = (await at("daemon", "token")).out.trim();
    await linkMail(started.url, localToken);

    const stop = tcpdump ? await watch("paired.pcap") : undefined;
    await using app = await openApp();
    const { id, code } = await app.pairing.open(terminal, { via: "lan", pin: identity.pin }, {});
    const canaries = ["canary-in-the-mine-7d1f", "Subject of a canary 91c4", "The canary sings at dawn, 55e0."];
    const where = [started.lan.url, new URL(started.url).port, identity.authority, identity.names[0] ?? ""];
    const host = inSpace(
      join(import.meta.dir, "../support/second-host.ts"),
      ...where,
      code,
      identity.pin,
      ...canaries,
      localToken,
      JSON.stringify(closedRoutes),
    );
    const reader = host.stdout.getReader();
    const first = await reader.read();
    if (!first.value) throw new Error(await host.stderr.text());
    const { claimed } = JSON.parse(new TextDecoder().decode(first.value));
    expect((await app.pairing.look(id)).number).toBe(claimed);
    await app.pairing.confirm(terminal, id);
    let told = "";
    for (let part = await reader.read(); part.value; part = await reader.read())
      told += new TextDecoder().decode(part.value);
    if (told === "") throw new Error(await host.stderr.text());
    const { secrets, read, ...found } = JSON.parse(told);
    expect(Object.keys(found.unpaired).length).toBeGreaterThan(150);
    expect(found).toEqual({
      loopbackPort: "ECONNREFUSED",
      plaintext: expect.not.stringMatching(/HTTP|success/),
      unpaired: Object.fromEntries(Object.keys(found.unpaired).map((route) => [route, 401])),
      paired: 200,
      name: canaries[0],
      sent: true,
      found: canaries[1],
    });
    expect(secrets).toEqual(expect.arrayContaining([...canaries, code, claimed]));
    const words: string[] = [...secrets, localToken, read.headers.subject, read.text.trim().slice(0, 30)];
    expect(words.every((word) => typeof word === "string" && word.length >= 6)).toBe(true);
    if (!stop) return;
    const paired = await stop();
    expect(secretsIn(heardIn(paired), words)).toEqual([]);
    // It was this session that was watched: both ways, TLS from the first byte, to the listener alone.
    const lan = new URL(started.lan.url).host;
    const fromPhone = paired.flows.filter(({ to, bytes }) => to === lan && bytes[0] === 0x16);
    const toPhone = paired.flows.filter(({ from, bytes }) => from === lan && bytes[0] === 0x16);
    expect(heardIn({ raw: "", flows: fromPhone })).toContain(identity.names[0] ?? "");
    const total = (flows: Flow[]): number => flows.reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(Math.min(total(fromPhone), total(toPhone))).toBeGreaterThan(2_000);

    // The same words in the clear are found, every one of them, so the search above can find.
    const stopControl = await watch("control.pcap");
    using plain = Bun.serve({ hostname: "10.77.0.1", port: 0, fetch: (request) => new Response(request.body) });
    const speak = `const body = ${JSON.stringify(JSON.stringify(words))};
      const answer = await fetch("http://10.77.0.1:${plain.port}/", { method: "POST", body });
      if ((await answer.text()) !== body) throw new Error("another answer");`;
    const control = inSpace("-e", speak);
    if ((await control.exited) !== 0) throw new Error(await control.stderr.text());
    const heard = heardIn(await stopControl());
    expect(words.filter((word) => secretsIn(heard, [word]).length === 0)).toEqual([]);
  },
);

async function openApp() {
  const app = await createApp({ settings: home.settings(), lockWaitMs: 5_000 });
  return { pairing: app.pairing, [Symbol.asyncDispose]: () => app.close() };
}
