import { describe, expect, test } from "bun:test";
import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findHome } from "../src/home.ts";
import { childEnvironment, loadSettings } from "../src/settings.ts";
import { keepSettings } from "../src/settings-file.ts";
import { createHome } from "./support/home.ts";

describe("loadSettings", () => {
  test("flags win over the environment, then the env file, the config file, the defaults", () => {
    using home = createHome();
    const envFile = join(home.path, "some.env");
    writeFileSync(envFile, "PORT=3\nHOST=127.0.0.3\nLOG_LEVEL=warn\n");
    writeFileSync(
      join(home.path, "config.toml"),
      'PORT = 4\nHOST = "127.0.0.4"\nLOG_LEVEL = "debug"\nLOG_FORMAT = "json"\n',
    );
    const settings = loadSettings({
      env: { ...home.env, PORT: "2", HOST: "127.0.0.2" },
      flags: { PORT: "1" },
      envFile,
    });
    expect(
      ["PORT", "HOST", "LOG_LEVEL", "LOG_FORMAT", "ALLOWED_ORIGINS"].map((name) => [
        settings.text(name as "PORT"),
        settings.sourceOf(name as "PORT"),
      ]),
    ).toEqual([
      ["1", "flag"],
      ["127.0.0.2", "environment"],
      ["warn", "env file"],
      ["json", "config file"],
      ["http://localhost:3000", "default"],
    ]);
  });

  const bad: [env: Record<string, string>, message: string][] = [
    [{ PORT: "http" }, "Setting PORT must be a number (from: environment)"],
    [{ PORT: "70000" }, "Setting PORT must be at most 65535 (from: environment)"],
    [
      { LOG_LEVEL: "loud" },
      "Setting LOG_LEVEL must be one of: silent, error, warn, info, debug, trace (from: environment)",
    ],
    [{ READ_ONLY: "maybe" }, "Setting READ_ONLY must be a boolean (from: environment)"],
    [{ WEATHER_BASE_URL: "ftp://x" }, "Setting WEATHER_BASE_URL must be a valid http url (from: environment)"],
  ];
  test.each(bad)("%j", (env, message) => {
    using home = createHome();
    expect(() => home.settings(env)).toThrow(message);
  });

  test("a misspelt name and a broken file are named", () => {
    using home = createHome();
    writeFileSync(join(home.path, "config.toml"), "PROT = 3002\n");
    expect(() => home.settings()).toThrow("Unknown setting PROT in");
    writeFileSync(join(home.path, "config.toml"), "PORT = = 1\n");
    expect(() => home.settings()).toThrow("is not valid TOML");
    expect(() => home.settings({}, { envFile: join(home.path, "no.env") })).toThrow("does not exist");
  });

  test("settings of the earlier plan are noticed, with the reason", () => {
    using home = createHome();
    const { notes } = home.settings({ GMAIL_API_KEY: "x", MONGODB_URI: "y", REDIS_URL: "z" });
    expect(notes).toHaveLength(3);
    expect(notes.join()).toContain("GMAIL_API_KEY is no longer used");
  });

  test("real keys do not enter the sandbox, whose folders are its own", () => {
    using home = createHome();
    const settings = home.settings({ WEATHER_API_KEY: "real-key" }, { sandbox: true });
    expect(settings.text("WEATHER_API_KEY")).toBeUndefined();
    expect(settings.home.database).toBe(join(home.path, "sandbox", "data", "mcqueen.db"));
  });
});

describe("who else may touch the files", () => {
  test("a config file may be read by others, not changed", () => {
    using home = createHome();
    const path = join(home.path, "config.toml");
    writeFileSync(path, 'PORT = "3005"\n');
    chmodSync(path, 0o644);
    expect(home.settings().number("PORT")).toBe(3005);
    keepSettings(home.settings().home, { HOST: "127.0.0.5" });
    expect(statSync(path).mode & 0o777).toBe(0o600);
    for (const mode of [0o620, 0o602, 0o666]) {
      chmodSync(path, mode);
      expect(() => home.settings()).toThrow(`Others may change ${path}`);
      expect(() => home.settings()).toThrow(expect.objectContaining({ hint: `Run: chmod go-w '${path}'` }));
    }
  });
});

describe("keepSettings", () => {
  test("writes several, each to its file, keeps the rest and the blank lines", () => {
    using home = createHome();
    const { home: folders } = home.settings();
    writeFileSync(folders.configFile, '# mine\n\nPORT = "1"\nHOST = "127.0.0.1"\n');
    keepSettings(folders, { PORT: "2", HOST: undefined, LOG_LEVEL: "warn" });
    expect(readFileSync(folders.configFile, "utf8")).toBe('# mine\n\nPORT = "2"\nLOG_LEVEL = "warn"\n');
  });

  test("one bad value, and nothing is written", () => {
    using home = createHome();
    const { home: folders } = home.settings();
    expect(() => keepSettings(folders, { LOG_LEVEL: "warn", PORT: "many" })).toThrow("Setting PORT");
    expect(readdirSync(home.path)).toEqual([]);
  });

  test("eight processes at once lose nothing", async () => {
    using home = createHome();
    const names = "PORT HOST LOG_LEVEL LOG_FORMAT READ_ONLY ALLOWED_ORIGINS WEATHER_BASE_URL CONTACT_URL".split(" ");
    const values = ["3005", "127.0.0.1", "warn", "json", "true", "http://a.example", "http://b.example", "ada"];
    const children = names.map((name, at) => {
      const file = (path: string): string => JSON.stringify(join(import.meta.dir, "../src", path));
      const code = `
        import { findHome } from ${file("home.ts")};
        import { keepSettings } from ${file("settings-file.ts")};
        const home = findHome({ MCQUEEN_HOME: ${JSON.stringify(home.path)} });
        while (Date.now() < ${Date.now() + 400}) Bun.sleepSync(1);
        for (let round = 0; round < 5; round++) {
          keepSettings(home, { ${name}: undefined });
          keepSettings(home, { ${name}: "${values[at]}" });
        }`;
      return Bun.spawn([process.execPath, "-e", code], { stderr: "inherit" });
    });
    expect(await Promise.all(children.map((child) => child.exited))).toEqual(Array(8).fill(0));
    const settings = home.settings();
    expect(names.map((name) => settings.text(name as "PORT"))).toEqual(values);
  }, 20_000);
});

describe("the config file", () => {
  test("keeps comments and order, replaces in place, removes", () => {
    using home = createHome();
    const { home: folders } = home.settings();
    writeFileSync(folders.configFile, '# mine\nPORT = "1"\nHOST = "127.0.0.1"\n', { mode: 0o600 });
    keepSettings(folders, { PORT: "3005" });
    expect(readFileSync(folders.configFile, "utf8")).toBe('# mine\nPORT = "3005"\nHOST = "127.0.0.1"\n');
    keepSettings(folders, { HOST: undefined });
    expect(readFileSync(folders.configFile, "utf8")).toBe('# mine\nPORT = "3005"\n');
    expect(home.settings().number("PORT")).toBe(3005);
  });

  test("a secret never gets into the config file", () => {
    using home = createHome();
    const { home: folders } = home.settings();
    expect(() => keepSettings(folders, { WEATHER_API_KEY: "some-key" })).toThrow("belongs into the vault");
    expect(readdirSync(home.path)).toEqual([]);
  });

  test("a bad value is refused and nothing is written", () => {
    using home = createHome();
    const { home: folders } = home.settings();
    expect(() => keepSettings(folders, { PORT: "many" })).toThrow("Setting PORT must be a number");
    expect(() => readFileSync(folders.configFile)).toThrow();
  });
});

test("the XDG folders are used where MCQUEEN_HOME is not set", () => {
  const home = findHome({ HOME: "/h", XDG_CONFIG_HOME: "/c" });
  expect([home.configFile, home.database, home.logs]).toEqual([
    "/c/mcqueen/config.toml",
    "/h/.local/share/mcqueen/data/mcqueen.db",
    "/h/.local/state/mcqueen/logs",
  ]);
});

test("a child's environment cannot turn the binary into something else", () => {
  process.env.BUN_BE_BUN = "1";
  process.env.BUN_OPTIONS = "--smol";
  const env = childEnvironment();
  delete process.env.BUN_BE_BUN;
  delete process.env.BUN_OPTIONS;
  expect([env.BUN_BE_BUN, env.BUN_OPTIONS, typeof env.PATH]).toEqual([undefined, undefined, "string"]);
});
