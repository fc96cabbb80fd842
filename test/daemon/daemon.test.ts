import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isAlive } from "../../src/daemon/control.ts";
import { binary, type Ran, run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";

let home: ReturnType<typeof createHome>;
beforeEach(() => {
  home = createHome();
});
afterEach(async () => {
  await at(["--sandbox", "daemon", "stop"]);
  home[Symbol.dispose]();
});

const at = (words: string[], env: Record<string, string> = {}): Promise<Ran> => run(words, { home: home.path, env });

async function start(...more: string[]): Promise<{ url: string; pid: number; token: string }> {
  const started = await at(["--sandbox", "daemon", "start", "--port", "0", "--json", ...more]);
  expect({ exit: started.exit, err: started.exit === 0 ? "" : started.err }).toEqual({ exit: 0, err: "" });
  const token = (await at(["--sandbox", "daemon", "token"])).out.trim();
  return { ...started.json.data, token };
}

describe("the daemon", () => {
  test("starts detached, answers, logs without secrets, and stops", async () => {
    const { url, pid, token } = await start();
    expect((await fetch(`${url}/api/v1/health`)).status).toBe(200);
    const status = await at(["--sandbox", "daemon", "status", "--json"]);
    expect(status.json.data).toMatchObject({ running: true, pid, url, sandbox: true, health: { status: "ok" } });
    await fetch(`${url}/api/v1/mcp/tools?user_id=owner`, { headers: { authorization: `Bearer ${token}` } });
    const logs = await at(["--sandbox", "daemon", "logs", "--json"]);
    expect(logs.out).toContain('"path":"/api/v1/mcp/tools"');
    expect(logs.out).not.toContain(token);
    expect((await at(["--sandbox", "daemon", "stop"])).out).toContain(`Stopped (pid ${pid})`);
    expect(isAlive(pid)).toBe(false);
    expect((await at(["--sandbox", "daemon", "stop"])).out).toContain("No daemon was running");
  });

  test("a second one on the same database is refused, and names the first", async () => {
    const { url, pid } = await start();
    for (const words of [
      ["daemon", "start"],
      ["serve", "--port", "0"],
    ]) {
      const second = await at(["--sandbox", ...words]);
      expect(second.exit).toBe(6);
      expect(second.err).toContain(`pid ${pid} at ${url}`);
    }
  });

  test("a taken port is named, and no other one is taken instead", async () => {
    using other = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("other") });
    const refused = await at(["--sandbox", "daemon", "start", "--port", String(other.port)]);
    expect(refused.exit).toBe(6);
    expect(refused.err).toContain(`Port ${other.port} on 127.0.0.1 is taken`);
    expect((await at(["--sandbox", "daemon", "status", "--json"])).json.data.running).toBe(false);
  });

  test("a second one of another home does not share the port", async () => {
    const { url } = await start();
    using other = createHome();
    const refused = await run(["serve", "--port", new URL(url).port], { home: other.path });
    expect([refused.exit, refused.err.includes("is taken by another program")]).toEqual([6, true]);
  });

  test("it is stopped and looked at also when a setting is wrong, and a restart stays at its port", async () => {
    const first = await start();
    const again = await at(["--sandbox", "daemon", "restart", "--json"]);
    expect(new URL(again.json.data.url).port).toBe(new URL(first.url).port);
    writeFileSync(join(home.path, "sandbox", "config.toml"), "PORT = \n", { mode: 0o600 });
    expect((await at(["--sandbox", "daemon", "status", "--json"])).json.data.running).toBe(true);
    expect((await at(["--sandbox", "daemon", "stop"])).out).toContain("Stopped");
  });

  test("restart gives a new process; a killed one leaves nothing in the way", async () => {
    const first = await start();
    const again = await at(["--sandbox", "daemon", "restart", "--port", "0", "--json"]);
    expect(again.json.data.pid).not.toBe(first.pid);
    process.kill(again.json.data.pid, "SIGKILL");
    while (isAlive(again.json.data.pid)) await Bun.sleep(5);
    expect((await at(["--sandbox", "daemon", "status"])).out).toContain("Not running");
    expect((await start()).pid).toBeGreaterThan(0);
  });

  test("a bad setting fails at once, with the sentence and the exit code of the daemon itself", async () => {
    const failed = await at(["--sandbox", "daemon", "start", "--port", "70000"]);
    expect(failed.exit).toBe(2);
    expect(failed.err).toContain("Setting PORT must be at most 65535");
  });

  test("a request in flight is finished when SIGTERM comes", async () => {
    const slow = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      async fetch() {
        arrived.resolve();
        await release.promise;
        return Response.json({ results: [] });
      },
    });
    const arrived = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const dead = `http://127.0.0.1:${slow.port}`;
    const started = await at(["daemon", "start", "--port", "0", "--json"], { WEATHER_GEOCODING_BASE_URL: dead });
    const { url, pid } = started.json.data;
    const token = (await at(["daemon", "token"])).out.trim();
    const asked = fetch(`${url}/api/v1/mcp/tools/get_weather/execute`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: '{"parameters":{"location":"Oslo"}}',
    });
    await arrived.promise;
    process.kill(pid, "SIGTERM");
    await Bun.sleep(50);
    release.resolve();
    expect((await asked).status).toBe(404);
    while (isAlive(pid)) await Bun.sleep(5);
    expect(existsSync(join(home.path, "run", "daemon.json"))).toBe(false);
    await slow.stop(true);
  });

  test("the terminal, the terminal through the daemon, and REST give the same result", async () => {
    const { url, token } = await start();
    const words = ["run", "get_weather", "--location", "New York", "--units", "imperial", "--json"];
    const local = await at(["--sandbox", ...words]);
    const remote = await at(["--server", url, ...words], { MCQUEEN_TOKEN: token });
    const response = await fetch(`${url}/api/v1/mcp/tools/get_weather/execute`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ parameters: { location: "New York", units: "imperial" } }),
    });
    const rest = (await response.json()) as Ran["json"];
    expect(local.json.data).toMatchObject({ location: expect.stringContaining("New York"), units: "imperial" });
    expect(remote.json.data).toEqual(local.json.data);
    expect(rest.data).toEqual(local.json.data);
    expect(Object.keys(rest).sort()).toEqual(Object.keys(local.json).sort());
  });

  test("configs and profile can be changed through the daemon, and errors read the same", async () => {
    const { url, token } = await start();
    const through = (words: string[]) => at(["--server", url, ...words], { MCQUEEN_TOKEN: token });
    expect((await through(["config", "get_weather", "set", "units=imperial"])).out).toContain("units: imperial");
    expect((await at(["--sandbox", "config", "get_weather", "get", "units"])).out).toBe("imperial\n");
    expect((await through(["profile", "set", "zone=Asia/Tokyo"])).out).toContain("zone: Asia/Tokyo");
    const typo = await through(["show", "get_wether"]);
    const here = await at(["--sandbox", "show", "get_wether"]);
    expect(here.err).toContain("Run: mcqueen --sandbox list");
    expect([typo.exit, typo.err]).toEqual([6, here.err.replace("mcqueen --sandbox ", "mcqueen ")]);
    const bad = await through(["run", "get_weather", "--units", "kelvin"]);
    expect(bad.exit).toBe(2);
    expect(bad.err).toContain("Missing required parameter: location; Parameter units must be one of: metric, imperial");
    expect((await through(["settings"])).exit).toBe(2);
  });

  test("a wrong token and an unreachable daemon have their own exit codes", async () => {
    const { url } = await start();
    expect((await at(["--server", url, "list"], { MCQUEEN_TOKEN: "mcq_l_wrong" })).exit).toBe(3);
    const gone = await at(["--server", "http://127.0.0.1:9", "list"], { MCQUEEN_TOKEN: "x" });
    expect([gone.exit, gone.err.includes("cannot be reached")]).toEqual([9, true]);
  });

  test("its files are private, and its own child output is kept apart from the log", async () => {
    await start();
    const folder = join(home.path, "sandbox");
    for (const path of ["run/daemon.json", "logs/daemon.log", "logs/daemon.out", "keys/local-token"]) {
      expect({ path, mode: statSync(join(folder, path)).mode & 0o777 }).toEqual({ path, mode: 0o600 });
    }
    expect(readFileSync(join(folder, "logs/daemon.out"), "utf8")).toBe("");
  });

  test("serve stops with exit 0 on Ctrl-C", async () => {
    const { child } = await serveHere();
    child.kill("SIGINT");
    expect(await child.exited).toBe(0);
  });

  test("what it serves prints nothing on stdout, compiled as well", async () => {
    const { child, url } = await serveHere();
    for (const path of ["/api/v1/health", "/api/v1/mcp/tools", "/openapi.json", "/nope"]) await fetch(url + path);
    const headers = { "content-type": "application/json" };
    await fetch(`${url}/api/v1/auth/login`, { method: "POST", body: "{}", headers });
    child.kill("SIGINT");
    expect(await child.stdout.text()).toBe("");
  });
});

/** `serve` in the foreground, ready to answer. */
async function serveHere() {
  const child = Bun.spawn([await binary(), "--sandbox", "serve", "--port", "0"], {
    env: { MCQUEEN_HOME: home.path, HOME: home.path },
    stdout: "pipe",
    stderr: "pipe",
  });
  const reader = child.stderr.getReader();
  let said = "";
  while (!said.includes("Ctrl-C")) said += new TextDecoder().decode((await reader.read()).value);
  return { child, url: /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? "" };
}
