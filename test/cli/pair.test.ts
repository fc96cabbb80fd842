import { afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { isAlive } from "../../src/daemon/control.ts";
import { readIdentity } from "../../src/lan/identity.ts";
import { binary, run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";
import { claimAs, type Post, readPairingUrl } from "../support/phone.ts";
import { openTerminal, tmux, withTerminal } from "../support/terminal.ts";

setDefaultTimeout(60_000);
let home: ReturnType<typeof createHome>;
let terminal: Awaited<ReturnType<typeof openTerminal>>;
beforeAll(async () => void (await binary()));
beforeEach(async () => {
  home = createHome();
  if (tmux) terminal = await openTerminal(home.path);
});
afterEach(async () => {
  await at("daemon", "stop");
  if (tmux) await terminal[Symbol.asyncDispose]();
  home[Symbol.dispose]();
});

const at = (...words: string[]) => run(words, { home: home.path });
const devices = async (): Promise<{ id: string; name: string }[]> =>
  (await at("devices", "list", "--json")).json.devices;
const firstLines = /Scan it with the phone[\s\S]*\/pair#[\s\S]*Waiting for the phone/;

/** A phone that trusts the authority in this home and speaks to one address. */
function phoneAt(origin: string): Post {
  const identity = readIdentity(join(home.path, "keys"));
  const tls = { ca: identity?.authority, serverName: identity?.names[0] };
  return async (path, body) => {
    const response = await fetch(`${origin}/api/v1${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      ...(origin.startsWith("https:") ? { tls } : {}),
    } as RequestInit);
    return { status: response.status, json: await response.json() };
  };
}

async function scan(words = "pair") {
  const shown = await terminal.ask(words, firstLines);
  const { url, code, pin } = readPairingUrl(shown);
  return { shown, origin: url.origin, code, pin, post: phoneAt(url.origin) };
}

describe.skipIf(!tmux)(withTerminal("at a terminal"), () => {
  test("lan on wants the number, and opens a second listener", async () => {
    await at("daemon", "start", "--port", "0");
    const refused = await terminal.ask("lan on --address 127.0.0.1 --port 0", /^Type (\d{6}) to go on:/m);
    expect(refused).toContain("The daemon will listen at 127.0.0.1");
    expect((await terminal.answer("no")).exit).toBe(4);
    expect((await at("lan", "status", "--json")).json.data.on).toBe(false);
    expect((await terminal.answerAt("lan on --address 127.0.0.1 --port 0")).exit).toBe(0);
    const { data } = (await at("lan", "status", "--json")).json;
    expect(data).toMatchObject({ on: true, listener: { listening: true } });
    expect((await at("daemon", "status")).out).toContain(data.url);
    const [spki, ca] = [data.spki_sha256, data.ca_sha256];
    expect((await terminal.run("lan off")).shown).toContain("LAN is off");
    await expect(fetch(`${data.url}/api/v1/health`)).rejects.toThrow();
    expect((await at("lan", "status", "--json")).json.data).toMatchObject({ spki_sha256: spki, ca_sha256: ca });
  });

  test("pair on the LAN: a QR code, one number on both screens, a device that outlives kill -9", async () => {
    await at("daemon", "start", "--port", "0");
    await terminal.answerAt("lan on --address 127.0.0.1 --port 0");
    const { shown, code, pin, origin, post } = await scan();
    expect(shown).toMatch(/[█▀▄]{8}/);
    expect(origin).toStartWith("https://127.0.0.1:");
    expect(pin).toBe((await at("lan", "status", "--json")).json.data.spki_sha256);
    const phone = await claimAs(post, code, pin, "Ada’s phone");
    const asked = await terminal.until("wants to be paired");
    expect(asked).toContain(`“Ada’s phone” wants to be paired. It has to show this number: ${phone.number}`);
    const paired = phone.wait(30);
    const ended = await terminal.answer(phone.number);
    expect([ended.exit, ended.shown.includes("Paired Ada’s phone")]).toEqual([0, true]);
    const { device_token: token, device } = (await paired).json;
    expect(await devices()).toMatchObject([{ id: device.id, name: "Ada’s phone" }]);

    const { pid } = (await at("daemon", "status", "--json")).json.data;
    process.kill(pid, "SIGKILL");
    while (isAlive(pid)) await Bun.sleep(5);
    const again = (await at("daemon", "start", "--json")).json.data;
    const opened = await phoneAt(again.lan.url)("/auth/device", { device_token: token });
    expect(opened.status).toBe(200);
    const bearer = `Bearer ${opened.json.session.session_id}`;
    const ask = () => fetch(`${again.url}/api/v1/auth/session`, { headers: { authorization: bearer } });
    expect((await ask()).status).toBe(200);
    expect((await at("devices", "rename", device.id, "Old phone")).out).toContain("Old phone");
    expect((await at("devices", "revoke", "Old phone")).out).toContain("Revoked Old phone, and ended 1 session");
    expect((await ask()).status).toBe(401);
    expect((await phoneAt(again.lan.url)("/auth/device", { device_token: token })).status).toBe(401);
  });

  test.each([
    ["another number", (number: string) => String((Number(number) + 1) % 1_000_000).padStart(6, "0")],
    ["y", () => "y"],
    ["nothing", () => ""],
  ])("pair --local, answered with %s, pairs nothing, and both sides say so", async (_what, answer) => {
    await at("daemon", "start", "--port", "0");
    const { code, pin, post } = await scan("pair --local");
    expect(pin).toBeUndefined();
    const phone = await claimAs(post, code);
    await terminal.until("wants to be paired");
    const ended = await terminal.answer(answer(phone.number));
    expect([ended.exit, ended.shown.includes("no phone was paired")]).toEqual([4, true]);
    expect((await phone.wait(5)).json).toMatchObject({ error_code: "declined", metadata: { status: "denied" } });
    expect(await devices()).toEqual([]);
  });

  test("pair, stopped by Ctrl-C, is called off; one with five wrong codes ends", async () => {
    // The brake on guessing would stop one address before the code ends.
    await run(["daemon", "start", "--port", "0"], { home: home.path, env: { LOGIN_RATE_MAX: "100" } });
    const first = await scan("pair --local");
    expect((await terminal.press("C-c")).exit).toBe(130);
    const refused = await first.post("/devices/claim", { code: first.code, name: "Late" });
    expect(refused.json).toMatchObject({ error_code: "declined", metadata: { status: "cancelled" } });
    const second = await scan("pair --local");
    for (let tries = 0; tries < 5; tries++) await second.post("/devices/claim", { code: `wrong-${tries}`, name: "x" });
    expect(await terminal.until(/^exit=\d+$/m)).toContain("Five wrong codes were tried");
  });

  test.each([
    [80, 24, 16, false],
    [30, 24, 0, true],
    [80, 16, 12, true],
  ])(
    "in a window of %i by %i, %i whole lines of the code are seen; too small: %p",
    async (columns, rows, least, isSmall) => {
      await at("daemon", "start", "--port", "0");
      await terminal.resize(columns, rows);
      const shown = await terminal.ask("pair --local", /Waiting for the phone/);
      const lines = shown.split("\n").filter((line) => /[█▀▄]{2}/.test(line));
      expect([lines.length >= least, shown.includes("too small")]).toEqual([true, isSmall]);
      if (least === 0) expect(lines).toEqual([]);
      // The three corners that a camera looks for.
      if (!isSmall) expect(shown.match(/█ ▄▄▄▄▄ █/g)?.length).toBe(3);
    },
  );

  test("pair takes --json after the verb, and a bound of writes bounds what destroys", async () => {
    await at("daemon", "start", "--port", "0");
    const { code, pin, post } = await scan("pair --local --json --writes deny --tool get_weather --tool get_weather");
    const phone = await claimAs(post, code, pin);
    await terminal.until("wants to be paired");
    const paired = phone.wait(30);
    const ended = await terminal.answer(phone.number);
    expect([ended.exit, ended.shown.includes('"success": true')]).toEqual([0, true]);
    expect((await paired).json).toMatchObject({ status: "paired" });
    expect(await devices()).toMatchObject([
      { tools: ["get_weather"], effects: { read: "allow", write: "deny", destructive: "deny" } },
    ]);
  });

  test("pair without a daemon, or without the LAN, says what to run", async () => {
    expect((await terminal.run("pair")).shown).toContain("mcqueen daemon start");
    await at("daemon", "start", "--port", "0");
    expect((await terminal.run("pair")).shown).toContain("mcqueen lan on");
  });
});

test("a port that cannot be is told before anybody is asked", async () => {
  const port = await at("lan", "on", "--address", "127.0.0.1", "--port", "abc");
  expect([port.exit, port.err]).toEqual([2, expect.stringMatching(/--port abc.*\n.*mcqueen lan on --help/)]);
});

test.each([
  [["lan", "on", "--address", "127.0.0.1"], "Letting others reach this computer wants a person at a terminal"],
  [["pair", "--local"], "Pairing wants a person at a terminal"],
  [["settings", "set", "LAN", "on"], "changing it wants a person at a terminal"],
  [["settings", "set", "LAN_ADDRESS", "10.0.0.1"], "changing it wants a person at a terminal"],
  [["settings", "set", "TLS", "proxy"], "changing it wants a person at a terminal"],
])("without a terminal, %p is refused", async (words, sentence) => {
  const { exit, err } = await at(...words);
  expect([exit, err.includes(sentence)]).toEqual([8, true]);
});

test.each(["0.0.0.0", "::", "192.168.7.20", "example.org", "localhost.evil.example"])(
  "settings set HOST %s is refused at once, and what to run instead is said",
  async (host) => {
    const { exit, err } = await at("settings", "set", "HOST", host);
    expect([exit, err.includes("is not a loopback address"), err.includes("mcqueen lan on")]).toEqual([8, true, true]);
    expect((await at("settings", "get", "HOST", "--json")).json.value).toBe("127.0.0.1");
  },
);

test("settings set HOST takes a loopback address, and any one behind a TLS proxy", async () => {
  for (const host of ["127.0.0.2", "::1", "localhost"])
    expect((await at("settings", "set", "HOST", host)).exit).toBe(0);
  const behind = await run(["settings", "set", "HOST", "0.0.0.0"], { home: home.path, env: { TLS: "proxy" } });
  expect(behind.exit).toBe(0);
});

test.each([
  [{ HOST: "0.0.0.0" }, "is not a loopback address", 8],
  [{ HOST: "192.168.7.20" }, "is not a loopback address", 8],
  [{ HOST: "0.0.0.0", TLS: "on" }, "is not a loopback address", 8],
  [{ HOST: "0.0.0.0", TLS: "proxy" }, "PUBLIC_URL has to be its https address; TRUSTED_PROXIES has to name it", 2],
  [
    { HOST: "0.0.0.0", TLS: "proxy", PUBLIC_URL: "http://a.example", TRUSTED_PROXIES: "10.0.0.1" },
    "PUBLIC_URL has to be its https address",
    2,
  ],
])("the daemon refuses to start with %p", async (env, sentence, code) => {
  const { exit, err } = await run(["serve", "--port", "0"], { home: home.path, env: env as Record<string, string> });
  expect([exit, err.includes(sentence)]).toEqual([code, true]);
});
