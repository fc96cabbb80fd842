import { afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { serviceManager } from "../../src/daemon/service.ts";
import { launchdAgent, systemdUnit } from "../../src/daemon/service-file.ts";
import { binary, type Ran, run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";

setDefaultTimeout(60_000);
beforeAll(async () => void (await binary()));

const hasSystemd = Bun.which("systemd-analyze") !== null;

const facts = { userHome: "/home/ada", configHome: "/home/ada/.config", kept: {} };
const plan = (command: readonly string[]) => ({
  command,
  environment: { MCQUEEN_HOME: '/tmp/100% "mine" $HOME\\x', LOG_FILE: "/tmp/a log" },
  outputFile: "/tmp/<out> & more",
});

describe("the files", () => {
  test.if(hasSystemd).each(["plain", "with blanks", "100%u", "a$HOME b"])(
    "systemd itself finds a program in a folder called %s",
    async (name) => {
      using home = createHome();
      const program = join(home.path, name, "mcqueen");
      mkdirSync(dirname(program));
      copyFileSync("/bin/true", program);
      chmodSync(program, 0o755);
      const unit = join(home.path, "mcqueen.service");
      const verify = async (text: string) => {
        writeFileSync(unit, text);
        const child = Bun.spawn(["systemd-analyze", "--user", "verify", unit], {
          env: { ...process.env, XDG_RUNTIME_DIR: home.path, SYSTEMD_LOG_COLOR: "0" },
          stdout: "pipe",
          stderr: "pipe",
        });
        const said = (await child.stdout.text()) + (await child.stderr.text());
        return { exit: await child.exited, said: said.split("\n").filter((line) => line.includes("mcqueen.service")) };
      };
      expect(await verify(systemdUnit(plan([program, "serve"])))).toEqual({ exit: 0, said: [] });
      const elsewhere = await verify(systemdUnit(plan([`${program}-not-there`, "serve"])));
      expect(elsewhere.said.join()).toContain("not executable");
    },
    20_000,
  );

  test("a path that systemd refuses is told before anything is written", () => {
    expect(() => systemdUnit(plan(['/opt/quo"te/mcqueen', "serve"]))).toThrow("whose path has quotes in it");
  });

  test("launchd's is sound XML, whatever the paths are", () => {
    const text = launchdAgent(plan(["/Applications/a & b/<mcqueen>", "serve"]), "dev.mcqueen.daemon");
    expect(text).toContain("<string>/Applications/a &#38; b/&#60;mcqueen&#62;</string>");
    expect(text).not.toMatch(/&(?!#\d+;)/);
    const opened = [...text.matchAll(/<(\w+)(?=[ >])(?![^>]*\/>)/g)].map(([, name]) => name);
    const closed = [...text.matchAll(/<\/(\w+)>/g)].map(([, name]) => name);
    expect(opened.sort()).toEqual(closed.sort());
  });

  test("each system has its place for them, and others are told so", () => {
    expect(serviceManager("linux", facts).path).toBe("/home/ada/.config/systemd/user/mcqueen.service");
    expect(serviceManager("darwin", facts).path).toBe("/home/ada/Library/LaunchAgents/dev.mcqueen.daemon.plist");
    expect(() => serviceManager("win32", facts)).toThrow("cannot be installed as a service on win32");
  });
});

/** As far as our commands go: reads ExecStart and Environment of the unit, starts the program, and ends it. */
const systemctl = `#!/bin/bash
unit="$XDG_CONFIG_HOME/systemd/user/mcqueen.service"
echo "$*" >>"$MCQUEEN_HOME/orders"
up() {
  eval "exec_start=($(sed -n 's/^ExecStart=//p' "$unit"))"
  while read -r pair; do eval "export $pair"; done < <(sed -n 's/^Environment=//p' "$unit")
  "\${exec_start[@]}" >/dev/null 2>&1 </dev/null & echo $! >"$MCQUEEN_HOME/pid"
}
down() { [ -f "$MCQUEEN_HOME/pid" ] && kill "$(cat "$MCQUEEN_HOME/pid")" && rm "$MCQUEEN_HOME/pid"; }
case "$*" in
  "--user show-environment" | "--user daemon-reload") ;;
  "--user enable --now mcqueen.service" | "--user start mcqueen.service") up ;;
  "--user disable --now mcqueen.service" | "--user stop mcqueen.service") down ;;
  *) echo "unknown order $*" >&2; exit 1 ;;
esac
`;

describe("the commands", () => {
  let home: ReturnType<typeof createHome>;
  let env: Record<string, string>;
  beforeEach(() => {
    home = createHome();
    const bin = join(home.path, "bin");
    mkdirSync(bin);
    writeFileSync(join(bin, "systemctl"), systemctl, { mode: 0o755 });
    env = { XDG_CONFIG_HOME: join(home.path, "config"), PATH: `${bin}:${process.env.PATH}`, PORT: "0" };
  });
  afterEach(async () => {
    await at(["daemon", "uninstall"]);
    home[Symbol.dispose]();
  });
  const at = (words: string[], more: Record<string, string> = {}): Promise<Ran> =>
    run(words, { home: home.path, env: { ...env, ...more } });
  const unit = (): string => join(home.path, "config", "systemd", "user", "mcqueen.service");
  const orders = (): string[] => readFileSync(join(home.path, "orders"), "utf8").trim().split("\n");

  test.if(process.platform === "linux")(
    "install starts it by the system, start and restart do so too, uninstall takes it back",
    async () => {
      const installed = await at(["daemon", "install", "--json"]);
      expect(installed.json).toMatchObject({ success: true, data: { service: "systemd", file: unit() } });
      const text = readFileSync(unit(), "utf8");
      expect(text).toContain(`ExecStart="${await binary()}" "serve"`);
      expect(text).toContain(`Environment="MCQUEEN_HOME=${home.path}"`);
      const status = (await at(["daemon", "status", "--json"])).json.data;
      expect(status).toMatchObject({ running: true, service: "systemd", sessions: 0, pid: installed.json.data.pid });
      expect(status.memory_bytes).toBeGreaterThan(1_000_000);
      expect((await at(["daemon", "logs"])).out).toContain("serving");

      expect((await at(["daemon", "stop"])).exit).toBe(0);
      expect((await at(["daemon", "start", "--json"])).json.data.service).toBe("systemd");
      expect((await at(["daemon", "restart", "--json"])).json.data.service).toBe("systemd");
      expect((await at(["daemon", "uninstall"])).out).toContain(`removed ${unit()}`);
      expect(existsSync(unit())).toBe(false);
      expect((await at(["daemon", "status"])).exit).toBe(6);
      expect(orders()).toEqual([
        "--user show-environment",
        "--user daemon-reload",
        "--user enable --now mcqueen.service",
        "--user start mcqueen.service",
        "--user start mcqueen.service",
        "--user disable --now mcqueen.service",
      ]);
    },
    30_000,
  );

  test.if(process.platform === "linux")("the service of another home is left alone", async () => {
    mkdirSync(dirname(unit()), { recursive: true });
    writeFileSync(unit(), '[Service]\nExecStart="/usr/bin/mcqueen" "serve"\n');
    const refused = await at(["daemon", "install"]);
    expect([refused.exit, refused.err]).toEqual([6, expect.stringContaining("another home")]);
    expect((await at(["daemon", "uninstall"])).out).toContain("No service of this home");
    expect(existsSync(unit())).toBe(true);
  });

  describe.if(process.platform === "linux")("where systemd does not listen", () => {
    const deaf = '#!/bin/sh\necho "Failed to connect to bus: No medium found" >&2\nexit 1\n';
    const deafen = () => writeFileSync(join(home.path, "bin", "systemctl"), deaf, { mode: 0o755 });

    test("install leaves the daemon that runs, and no file", async () => {
      const { pid } = (await at(["daemon", "start", "--json"])).json.data;
      deafen();
      const refused = await at(["daemon", "install"]);
      expect([refused.exit, refused.err]).toEqual([1, expect.stringContaining("mcqueen daemon start")]);
      expect((await at(["daemon", "status", "--json"])).json.data).toMatchObject({ pid, service: null });
      expect(existsSync(unit())).toBe(false);
      await at(["daemon", "stop"]);
    });

    test("uninstall stops the daemon and removes the files all the same", async () => {
      await at(["daemon", "install"]);
      const link = join(dirname(unit()), "default.target.wants", "mcqueen.service");
      mkdirSync(dirname(link));
      symlinkSync(unit(), link);
      deafen();
      expect((await at(["daemon", "restart"])).err).toContain("mcqueen daemon uninstall");
      const { exit, out, err } = await at(["daemon", "uninstall"]);
      expect([exit, out, err]).toEqual([
        0,
        expect.stringContaining(`removed ${unit()}`),
        expect.stringContaining("No medium found"),
      ]);
      expect(readdirSync(dirname(link))).toEqual([]);
      expect(existsSync(unit())).toBe(false);
      expect((await at(["daemon", "status"])).exit).toBe(6);
    });
  });

  test.if(process.platform === "linux")("install says which settings the service will not see", async () => {
    const { err } = await at(["daemon", "install"], { RATE_LIMIT_MAX: "77" });
    expect(err).toMatch(/^PORT, RATE_LIMIT_MAX, .*came from this shell's environment/m);
    const told = await at(["daemon", "install", "--port", "0"]);
    expect(told.err).not.toContain("PORT,");
  });

  test("the sandbox is not installed", async () => {
    const refused = await at(["--sandbox", "daemon", "install"]);
    expect([refused.exit, existsSync(unit())]).toEqual([2, false]);
  });
});
