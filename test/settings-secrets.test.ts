import { afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type App, createApp } from "../src/app.ts";
import { adoptSecretsFile } from "../src/vault.ts";
import { binary, type Ran, run } from "./support/binary.ts";
import { filesWith } from "./support/canaries.ts";
import { createHome } from "./support/home.ts";
import { refusalOf } from "./support/vaults.ts";

setDefaultTimeout(30_000);
let home: ReturnType<typeof createHome>;
let apps: App[];
beforeAll(async () => void (await binary()));
beforeEach(() => {
  home = createHome();
  apps = [];
});
afterEach(async () => {
  for (const app of apps) await app.close();
  home[Symbol.dispose]();
});

const secret = "canary-of-the-weather-0123456789";
const at = (words: string[], stdin?: string, env: Record<string, string> = {}): Promise<Ran> =>
  run(words, { home: home.path, env, ...(stdin === undefined ? {} : { stdin }) });
async function boot(sandbox = false, env: Record<string, string> = {}): Promise<App> {
  const app = await createApp({ settings: home.settings(env, { sandbox }), lockWaitMs: 5_000 });
  apps.push(app);
  return app;
}
const vaultKeys = (...below: string[]): string[] => {
  const folder = join(home.path, ...below, "keys");
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith("vault-")) : [];
};

describe("a secret setting", () => {
  test("is kept in the vault alone, masked, and known at once to who runs already", async () => {
    const running = await boot();
    expect(await running.secrets.read("WEATHER_API_KEY")).toBeUndefined();
    const kept = await at(["settings", "set", "WEATHER_API_KEY", "-"], `${secret}\n`);
    expect(kept).toMatchObject({ exit: 0, out: "WEATHER_API_KEY kept in the vault\n", err: "" });
    expect(filesWith(home.path, [secret])).toEqual([]);
    expect(await running.secrets.read("WEATHER_API_KEY")).toBe(secret);
    const shown = await at(["settings", "get", "WEATHER_API_KEY", "--json"]);
    expect(shown.json).toMatchObject({ value: "********", source: "vault" });
    expect((await at(["settings"])).out).not.toContain(secret);

    expect(await at(["settings", "set", "WEATHER_API_KEY", "-"], "another-one")).toMatchObject({ exit: 0 });
    expect(await running.secrets.read("WEATHER_API_KEY")).toBe("another-one");
    expect(await at(["settings", "unset", "WEATHER_API_KEY"])).toMatchObject({ exit: 0 });
    expect(await running.secrets.read("WEATHER_API_KEY")).toBeUndefined();
    expect(await at(["settings", "get", "WEATHER_API_KEY"])).toMatchObject({ exit: 6 });
  });

  test("of the environment wins, and the vault is not asked", async () => {
    await at(["settings", "set", "WEATHER_API_KEY", "-"], secret);
    rmSync(join(home.path, "keys"), { recursive: true });
    expect(await (await boot(false, { WEATHER_API_KEY: "given" })).secrets.read("WEATHER_API_KEY")).toBe("given");
    expect(await refusalOf((await boot()).secrets.read("WEATHER_API_KEY"))).toMatchObject({ code: "unavailable" });
  });

  test.each(["ENCRYPTION_KEY", "ENCRYPTION_KEY_PREVIOUS"])("%s cannot lie in the vault that it opens", async (name) => {
    const { exit, out, err } = await at(["settings", "set", name, "-"], `${secret}`);
    expect(exit).toBe(2);
    expect(err).toContain("opens the vault, so it cannot lie in it");
    expect(out + err).not.toContain(secret);
    expect(filesWith(home.path, [secret])).toEqual([]);
    expect(await at(["settings", "unset", name])).toMatchObject({ exit: 0 });
  });

  test("that is refused is not repeated", async () => {
    const short = "short-canary";
    const { exit, out, err } = await at(["settings", "set", "JWT_SECRET", "-", "--json"], short);
    expect(exit).toBe(2);
    expect(out + err).not.toContain(short);
  });

  test("whose key is gone is an error to the call that needs it, and no missing key", async () => {
    await at(["settings", "set", "WEATHER_API_KEY", "-"], secret);
    for (const name of vaultKeys()) rmSync(join(home.path, "keys", name));
    const call = await at(["run", "get_weather", "--location", "Berlin", "--json"]);
    expect(call).toMatchObject({ exit: 1, json: { success: false, error: expect.stringContaining("is missing") } });
    const status = await at(["vault", "status", "--json"]);
    expect(status).toMatchObject({ exit: 1, json: { success: false, data: { readable: 0 } } });
    const doctor = await at(["doctor", "--offline"]);
    expect(doctor.exit).toBe(1);
    expect(doctor.out).toContain("is missing");
    expect((await at(["settings", "get", "WEATHER_API_KEY", "--json"])).json).toMatchObject({ source: "vault" });
  });
});

describe("the sandbox", () => {
  test("never meets the real vault", async () => {
    await at(["settings", "set", "WEATHER_API_KEY", "-"], secret);
    const sandbox = await boot(true);
    expect(await sandbox.secrets.read("WEATHER_API_KEY")).toBeUndefined();
    expect(await sandbox.vault.keys()).toEqual([]);
    await sandbox.secrets.keep("WEATHER_API_KEY", "one for the sandbox");
    expect(await (await boot()).secrets.read("WEATHER_API_KEY")).toBe(secret);
    expect(vaultKeys("sandbox")).toHaveLength(1);
    expect(vaultKeys("sandbox")).not.toEqual(vaultKeys());
  });

  test.each(["environment", "keychain", "auto"])("has a key of its own where VAULT_KEY is %s", async (place) => {
    const given = { VAULT_KEY: place, ENCRYPTION_KEY: "0123456789abcdef0123456789abcdef" };
    const sandbox = await boot(true, given);
    await sandbox.secrets.keep("WEATHER_API_KEY", "one for the sandbox");
    expect(await sandbox.vault.keys()).toMatchObject([{ backend: "file" }]);
    expect(await sandbox.secrets.read("WEATHER_API_KEY")).toBe("one for the sandbox");
  });
});

describe("secrets in the file of an earlier version", () => {
  const file = (): string => join(home.path, "keys", "secrets.toml");
  function put(text: string, mode = 0o600): void {
    mkdirSync(join(home.path, "keys"), { recursive: true, mode: 0o700 });
    writeFileSync(file(), text, { mode });
  }
  const jwt = "a-jwt-secret-of-more-than-32-bytes!";
  const both = `WEATHER_API_KEY = "${secret}"\nJWT_SECRET = "${jwt}"\n`;

  test("move into the vault, and the file goes, when several start at once", async () => {
    put(both);
    const words = [
      ["settings", "get", "JWT_SECRET", "--json"],
      ["vault", "status", "--json"],
      ["list", "--quiet"],
    ];
    const all = await Promise.all([...words, ...words].map((each) => at(each)));
    for (const { exit, err } of all) expect({ exit, err }).toEqual({ exit: 0, err: "" });
    expect(existsSync(file())).toBe(false);
    expect(filesWith(home.path, [secret, jwt])).toEqual([]);
    const { secrets } = await boot();
    expect(await secrets.read("WEATHER_API_KEY")).toBe(secret);
    expect(await secrets.read("JWT_SECRET")).toBe(jwt);
  });

  test("move at the next start, when the first was stopped in between", async () => {
    const app = await boot();
    put(both);
    const settings = home.settings();
    let kept = 0;
    const stopped = {
      ...app.secrets,
      async keep(...args: Parameters<App["secrets"]["keep"]>) {
        if (kept++ === 1) throw new Error("stopped");
        await app.secrets.keep(...args);
      },
    };
    expect(await adoptSecretsFile(settings, stopped).catch(String)).toContain("stopped");
    expect(statSync(file()).size).toBe(both.length);
    const next = await boot();
    expect(existsSync(file())).toBe(false);
    expect(await next.secrets.kept()).toEqual(["JWT_SECRET", "WEATHER_API_KEY"]);
  });

  test("give way to what was kept later", async () => {
    await (await boot()).secrets.keep("WEATHER_API_KEY", "the newer one");
    put(both);
    const { secrets } = await boot();
    expect(await secrets.read("WEATHER_API_KEY")).toBe("the newer one");
    expect(await secrets.read("JWT_SECRET")).toBe(jwt);
  });

  test.each([
    ["that others may read", both, 0o644, "mode 644"],
    ["that is no TOML", `WEATHER_API_KEY = ${secret}\n`, 0o600, "is not valid TOML"],
    ["with a name that is none", `WEATHER_KEY = "${secret}"\n`, 0o600, "Unknown setting WEATHER_KEY"],
    ["with the vault's own key", `ENCRYPTION_KEY = "${secret}"\n`, 0o600, "opens the vault"],
  ])("stay where they are in a file %s", async (_name, text, mode, message) => {
    put(text, mode);
    const { exit, out, err } = await at(["list", "--json"]);
    expect(exit).not.toBe(0);
    expect(out).toContain(message);
    expect(out + err).not.toContain(secret);
    expect(existsSync(file())).toBe(true);
  });
});
