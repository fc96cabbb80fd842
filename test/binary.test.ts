import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { binary, type Ran, run } from "./support/binary.ts";
import { createHome } from "./support/home.ts";

let home: ReturnType<typeof createHome>;
beforeAll(async () => {
  await binary();
  home = createHome();
});
afterAll(() => home[Symbol.dispose]());
const at = (words: string[], more: Partial<Parameters<typeof run>[1]> = {}): Promise<Ran> =>
  run(words, { home: home.path, ...more });

interface Row {
  words: string[];
  exit: number;
  out?: string[];
  err?: string[];
  stdin?: string;
}

const newYork = ["--sandbox", "run", "get_weather", "--location", "New York"];
const rows: Row[] = [
  { words: ["--version"], exit: 0, out: ["0.1.0\n"] },
  { words: ["version"], exit: 0, out: ["mcqueen 0.1.0", "bun: 1.4.5"] },
  { words: [], exit: 0, out: ["Usage: mcqueen", "Examples:"] },
  { words: ["--help"], exit: 0, out: ["Tools:", "Daemon:", "mcqueen daemon start"] },
  { words: ["help", "exit-codes"], exit: 0, out: ["130", "upstream_unavailable"] },
  { words: ["help", "run"], exit: 0, out: ["--params <json>"] },
  { words: ["help", "rum"], exit: 2, err: ["No help on rum", "Did you mean run?"] },
  { words: ["lst"], exit: 2, err: ["Unknown command 'lst'", "Did you mean list?"] },
  { words: ["list", "--jsn"], exit: 2, err: ["Unknown option '--jsn'", "Did you mean --json?"] },
  {
    words: ["list"],
    exit: 0,
    out: ["get_weather (location, [units])  ", "[read]  ", "[write, read, destructive]  available"],
  },
  { words: ["list", "--category", "email"], exit: 0, out: ["No tool of that kind."] },
  {
    words: ["show", "get_weather"],
    exit: 0,
    out: ["Parameters", "location", "metric | imperial", "mcqueen config get_weather set"],
  },
  { words: ["show", "get_wether"], exit: 6, err: ["Tool get_wether not found", "Did you mean get_weather?"] },
  { words: ["run", "nope"], exit: 6, err: ["Tool nope not found"] },
  {
    words: ["run", "get_weather", "--help"],
    exit: 0,
    out: ["--location <string>", "(required)", "--units <metric|imperial>"],
  },
  {
    words: ["run", "get_weather"],
    exit: 2,
    err: ["Parameter validation failed: Missing required parameter: location"],
  },
  { words: [...newYork, "--units", "kelvin"], exit: 2, err: ["Parameter units must be one of: metric, imperial"] },
  { words: [...newYork, "--unit", "metric"], exit: 2, err: ["Unknown option '--unit'", "--units"] },
  { words: ["run", "get_weather", "send", "--location", "Oslo"], exit: 2, err: ["get_weather has no action send"] },
  { words: ["run", "get_weather", "--params", "{bad"], exit: 2, err: ["The JSON of --params is broken"] },
  { words: ["run", "get_weather", "--params", "[1]"], exit: 2, err: ["--params must be a JSON object"] },
  {
    words: ["run", "get_weather", "--params", '{"location":"Oslo","colour":1}'],
    exit: 2,
    err: ["Unknown parameter: colour"],
  },
  {
    words: ["run", "get_weather", "--location", "@/no/such/file"],
    exit: 2,
    err: ["The file /no/such/file cannot be read"],
  },
  { words: [...newYork, "--timeout", "soon"], exit: 2, err: ["--timeout soon must be a number of seconds"] },
  { words: newYork, exit: 0, out: ["SANDBOX", "New York", "°C", "% rain"] },
  { words: [...newYork, "--units", "imperial"], exit: 0, out: ["°F"] },
  {
    words: ["--sandbox", "run", "get_weather", "--params", "-", "--select", "data.location"],
    stdin: '{"location":"Oslo"}',
    exit: 0,
    out: ["Oslo"],
  },
  {
    words: ["--sandbox", "run", "get_weather", "--location", "-", "--select", "data.location"],
    stdin: "Tokyo\n",
    exit: 0,
    out: ["Tokyo"],
  },
  { words: ["--sandbox", "run", "get_weather", "--location", "Xyzzyville"], exit: 6, err: ["Xyzzyville", "spelling"] },
  { words: [...newYork, "--select", "data.nothing"], exit: 2, err: ['no "nothing" in data', "There is: location"] },
  { words: [...newYork, "--select", "..a"], exit: 2, err: ["is not a path"] },
  { words: [...newYork, "--dry-run"], exit: 0, out: ["dry_run: true", "location: New York"] },
  {
    words: ["config", "get_weather", "set", "units=kelvin"],
    exit: 2,
    err: ["Setting units must be one of: metric, imperial"],
  },
  {
    words: ["config", "get_weather", "set", "unit=metric"],
    exit: 2,
    err: ["get_weather has no setting unit", "Did you mean units?"],
  },
  { words: ["config", "get_weather", "set", "units"], exit: 2, err: ["units is not of the form key=value"] },
  { words: ["config", "get_weather", "priority", "11"], exit: 2, err: ["Field priority must be at most 10"] },
  { words: ["config", "get_weather", "enabel"], exit: 2, err: ["Unknown operation enabel", "Did you mean enable?"] },
  { words: ["config", "get_weather"], exit: 0, out: ["enabled: true", "priority: 5", "custom_settings: {}"] },
  { words: ["config", "get_weather", "set", "units=imperial"], exit: 0, out: ["units: imperial"] },
  { words: ["config", "get_weather", "get", "units"], exit: 0, out: ["imperial"] },
  { words: ["config", "get_weather", "unset", "units"], exit: 0, out: ["custom_settings: {}"] },
  { words: ["config", "get_weather", "get", "units"], exit: 6, err: ["no setting units set"] },
  { words: ["config", "get_weather", "disable"], exit: 0, out: ["enabled: false"] },
  {
    words: ["run", "get_weather", "--location", "Oslo"],
    exit: 8,
    err: ["Tool get_weather not enabled for user", "Run: mcqueen config get_weather enable"],
  },
  { words: ["config", "get_weather", "reset"], exit: 0, out: ["enabled: true"] },
  { words: ["profile"], exit: 0, out: ["Nothing is set"] },
  { words: ["profile", "set", "zone=Mars/Base"], exit: 2, err: ["Field zone must be a valid time zone"] },
  { words: ["profile", "set", "shoe=42"], exit: 2, err: ["shoe"] },
  { words: ["profile", "set", "zone=Europe/Oslo", "guest.name=Ada"], exit: 0, out: ["zone: Europe/Oslo", "name: Ada"] },
  { words: ["profile", "set", "guest.name="], exit: 0, out: ["zone: Europe/Oslo\n"] },
  { words: ["settings", "get", "PORT"], exit: 0, out: ["3001"] },
  { words: ["settings", "set", "PROT", "1"], exit: 6, err: ["There is no setting PROT", "Did you mean PORT?"] },
  { words: ["settings", "set", "PORT", "many"], exit: 2, err: ["Setting PORT must be a number"] },
  { words: ["settings", "set", "WEATHER_API_KEY", "abc"], exit: 2, err: ["is a secret"] },
  { words: ["settings", "set", "WEATHER_API_KEY", "-"], stdin: "canary-key\n", exit: 0, out: ["kept in"] },
  { words: ["settings"], exit: 0, out: ["WEATHER_API_KEY", "********"] },
  { words: ["settings", "unset", "WEATHER_API_KEY"], exit: 0, out: ["removed from"] },
  { words: ["completion", "tcsh"], exit: 2, err: ["No completion for tcsh"] },
  { words: ["completion", "bash"], exit: 0, out: ["mcqueen complete --"] },
  { words: ["complete", "--", "run", ""], exit: 0, out: ["get_weather"] },
  { words: ["complete", "--", "run", "get_weather", "--u"], exit: 0, out: ["--units"] },
  { words: ["complete", "--", "run", "web_search", "--o"], exit: 0, out: ["--open"] },
  { words: ["complete", "--", "da"], exit: 0, out: ["daemon"] },
  { words: ["daemon"], exit: 2, err: ["mcqueen daemon what? start, stop"] },
  { words: ["users"], exit: 2, err: ["mcqueen users what? list, add"] },
  {
    words: ["run", "get_wether", "--location", "x"],
    exit: 6,
    err: ["Tool get_wether not found", "Did you mean get_weather?"],
  },
  {
    words: ["--server", "http://127.0.0.1:9", "run", "get_weather", "--location", "x"],
    exit: 3,
    err: ["No token for"],
  },
  { words: ["--sandbox", "--server", "http://127.0.0.1:9", "list"], exit: 2, err: ["cannot go with --server"] },
  { words: ["--server", "http://127.0.0.1:9", "daemon", "status"], exit: 2, err: ["works on this computer only"] },
  {
    words: ["--sandbox", "run", "get_weather", "--location", "Zürich"],
    exit: 6,
    err: ["SANDBOX: a local stand-in answered"],
  },
  { words: ["daemon", "status"], exit: 6, out: ["Not running"] },
  { words: ["daemon", "logs"], exit: 6, err: ["no log yet"] },
  { words: ["serve", "--port", "x"], exit: 2, err: ["Setting PORT must be a number"] },
  { words: ["serve", "--host", "0.0.0.0"], exit: 8, err: ["not a loopback address"] },
  { words: ["--server", "ftp://x", "list"], exit: 2, err: ["is not an address"] },
  { words: ["--server", "http://127.0.0.1:1", "list"], exit: 3, err: ["No token for", "MCQUEEN_TOKEN"] },
];

describe("the compiled binary", () => {
  test.each(rows.map((row) => [row.words.join(" "), row] as const))("mcqueen %s", async (_words, row) => {
    const ran = await at(row.words, row.stdin === undefined ? {} : { stdin: row.stdin });
    expect({ exit: ran.exit, err: ran.exit === row.exit ? "" : ran.err + ran.out }).toEqual({
      exit: row.exit,
      err: "",
    });
    for (const text of row.out ?? []) expect(ran.out).toContain(text);
    for (const text of row.err ?? []) expect(ran.err).toContain(text);
    expect(ran.out + ran.err).not.toContain("canary-key");
    if (row.exit === 0 && !row.err) expect(ran.err).not.toContain("✗");
  });

  test("--json prints one value on stdout, for failures too", async () => {
    const good = await at([...newYork, "--json"]);
    expect(good.json).toMatchObject({
      success: true,
      data: { units: "metric" },
      metadata: { sandbox: true, service: "weather_api" },
    });
    const bad = await at(["run", "get_weather", "--json"]);
    expect(bad.json).toMatchObject({ success: false, error_code: "invalid_parameters" });
    expect(bad.exit).toBe(2);
    const typo = await at(["lst", "--json"]);
    expect(typo.json).toMatchObject({ success: false, error_code: "usage" });
  });

  test("--select of a failed call gives the failure and its own exit code", async () => {
    const ran = await at(["run", "get_weather", "--select", "data.temperature"]);
    expect([ran.exit, ran.json?.error_code]).toEqual([2, "invalid_parameters"]);
    expect(ran.err).not.toContain('no "data"');
  });

  test("a reader that closes its end early is not an error", async () => {
    const child = Bun.spawn(["sh", "-c", `"${await binary()}" settings --json | head -c 1 >/dev/null; echo done`], {
      env: { PATH: process.env.PATH ?? "", MCQUEEN_HOME: home.path, HOME: home.path },
      stdout: "pipe",
      stderr: "pipe",
    });
    expect([await child.stdout.text(), await child.stderr.text()]).toEqual(["done\n", ""]);
  });

  test("a planted folder runs nothing and changes nothing", async () => {
    using folder = createHome();
    writeFileSync(join(folder.path, "bunfig.toml"), 'preload = ["./evil.ts"]\n');
    writeFileSync(join(folder.path, "evil.ts"), 'require("node:fs").writeFileSync("owned", "x");\n');
    writeFileSync(join(folder.path, ".env"), "PORT=1\nLOG_LEVEL=nonsense\nREAD_ONLY=true\n");
    writeFileSync(join(folder.path, "tsconfig.json"), '{"compilerOptions":{"paths":{"*":["./evil.ts"]}}}');
    writeFileSync(join(folder.path, "package.json"), '{"imports":{"#x":"./evil.ts"}}');
    for (const words of [
      ["--version"],
      ["list"],
      ["settings", "get", "PORT"],
      newYork,
      ["daemon", "stop"],
      ["completion", "zsh"],
    ]) {
      const ran = await at(words, { cwd: folder.path });
      expect({ words, exit: ran.exit, err: ran.err.includes("✗") }).toEqual({ words, exit: 0, err: false });
    }
    expect((await at(["settings", "get", "PORT"], { cwd: folder.path })).out).toBe("3001\n");
    expect(existsSync(join(folder.path, "owned"))).toBe(false);
  });

  test("every file and folder is private, also under umask 000", async () => {
    using own = createHome();
    const child = Bun.spawn(
      [
        "sh",
        "-c",
        `umask 000; "${await binary()}" list && "${await binary()}" --sandbox run get_weather --location Oslo && echo key | "${await binary()}" settings set WEATHER_API_KEY -`,
      ],
      {
        env: { PATH: process.env.PATH ?? "", MCQUEEN_HOME: join(own.path, "new"), HOME: own.path },
        stdout: "ignore",
        stderr: "pipe",
      },
    );
    expect({ exit: await child.exited, err: (await child.stderr.text()).includes("✗") }).toEqual({
      exit: 0,
      err: false,
    });
    const loose = readdirSync(join(own.path, "new"), { recursive: true, withFileTypes: true })
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => (statSync(path).mode & 0o077) !== 0);
    expect(loose).toEqual([]);
  });

  test("a looser folder is refused, with the command that mends it", async () => {
    using own = createHome();
    mkdirSync(join(own.path, "data"));
    chmodSync(join(own.path, "data"), 0o755);
    const ran = await run(["list"], { home: own.path });
    expect(ran.exit).toBe(1);
    expect(ran.err).toContain(`Run: chmod 700 '${join(own.path, "data")}'`);
  });

  test("without a network the sentence names who cannot be reached, with exit 9", async () => {
    const dead = "http://127.0.0.1:9";
    const ran = await at(["run", "get_weather", "--location", "Oslo"], {
      env: { WEATHER_BASE_URL: dead, WEATHER_GEOCODING_BASE_URL: dead, METNO_BASE_URL: dead },
    });
    expect(ran.exit).toBe(9);
    expect(ran.err).toContain("Open-Meteo");
    expect(ran.err).toContain("refused");
  });

  test("logs are silent unless wanted, and then go to stderr", async () => {
    expect((await at(newYork)).err).not.toContain("info");
    expect(readFileSync(join(home.path, "sandbox", "data", "mcqueen.db")).length).toBeGreaterThan(0);
  });
});
