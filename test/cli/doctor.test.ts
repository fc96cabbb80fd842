import { afterEach, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { backupsOf, makeBackup } from "../../src/backup.ts";
import { binary, type Ran, run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";

setDefaultTimeout(60_000);
let home: ReturnType<typeof createHome>;
beforeAll(async () => void (await binary()));
beforeEach(async () => {
  home = createHome();
  await at("users", "list");
});
afterEach(() => home[Symbol.dispose]());

const at = (...words: string[]): Promise<Ran> => run(words, { home: home.path, env: { PORT: "0" } });
const data = (...parts: string[]): string => join(home.path, "data", ...parts);

interface Finding {
  about: string;
  status: string;
  detail: string;
  fix?: string;
}

async function examine(env: Record<string, string> = {}): Promise<{ exit: number | null; findings: Finding[] }> {
  const { exit, json } = await run(["doctor", "--offline", "--json"], { home: home.path, env: { PORT: "0", ...env } });
  return { exit, findings: json.findings };
}

const of = (findings: readonly Finding[], about: string): Finding | undefined =>
  findings.find((finding) => finding.about === about);

test("all is well after a backup, and each thing is looked at", async () => {
  expect((await at("backup")).exit).toBe(0);
  const { exit, findings } = await examine();
  expect(exit).toBe(0);
  expect(findings.map(({ about, status }) => `${about} ${status}`)).toEqual([
    "settings works",
    "permissions works",
    "disk works",
    "database works",
    "backup works",
    "vault works",
    "daemon works",
    "port works",
    "providers works",
    "accounts works",
  ]);
});

test("whatever does not work names what mends it", async () => {
  chmodSync(data(), 0o700);
  writeFileSync(data("notes.txt"), "x", { mode: 0o644 });
  chmodSync(data("notes.txt"), 0o644);
  const { exit, findings } = await examine();
  expect(exit).toBe(1);
  expect(of(findings, "permissions")).toMatchObject({ status: "fails", fix: `Run: chmod 600 '${data("notes.txt")}'` });
  for (const { status, fix } of findings) if (status !== "works") expect(fix).toBeString();
});

test("a page that is spoiled is found, and what comes after it is looked at too", async () => {
  expect((await at("backup")).exit).toBe(0);
  const bytes = readFileSync(data("mcqueen.db"));
  writeFileSync(data("mcqueen.db"), bytes.fill(0x5a, bytes.length - 20_000));
  const { exit, findings } = await examine();
  expect(exit).toBe(1);
  expect(of(findings, "database")).toMatchObject({ status: "fails", fix: expect.stringContaining("mcqueen restore") });
  expect(of(findings, "backup")).toMatchObject({ status: "works" });
  expect(of(findings, "daemon")).toBeDefined();
});

const ages: [name: string, days: number, status: string][] = [
  ["a day old", 1, "works"],
  ["three days old", 3, "warns"],
  ["ten days old", 10, "fails"],
  ["of the day after tomorrow", -2, "warns"],
];
test.each(ages)("a newest backup that is %s", async (_name, days, status) => {
  const made = new Date(Date.now() - days * 24 * 60 * 60_000);
  makeBackup(home.settings().home, made);
  expect(backupsOf(home.settings().home)).toHaveLength(1);
  expect(of((await examine()).findings, "backup")).toMatchObject({
    status,
    ...(status === "works" ? {} : { fix: "Run: mcqueen backup" }),
  });
});

test("a port that another program has is told before a start meets it", async () => {
  await using other = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  const { findings } = await examine({ PORT: String(other.port) });
  expect(of(findings, "port")).toMatchObject({
    status: "warns",
    detail: `${other.port} on 127.0.0.1 is taken by another program`,
    fix: expect.stringContaining("mcqueen settings set PORT"),
  });
});

test("a daemon that hangs is seen", async () => {
  const { pid } = (await at("daemon", "start", "--json")).json.data;
  try {
    expect(of((await examine()).findings, "daemon")).toMatchObject({ status: "works" });
    process.kill(pid, "SIGSTOP");
    const { exit, findings } = await examine();
    expect([exit, of(findings, "daemon")?.detail]).toEqual([1, expect.stringContaining("does not answer")]);
  } finally {
    process.kill(pid, "SIGCONT");
    await at("daemon", "stop");
  }
});

test("a clock behind what was written down is told", async () => {
  const later = "2099-01-01T00:00:00.000Z";
  const { exit } = await at("users", "add", "mia");
  expect(exit).toBe(0);
  const { Database } = await import("bun:sqlite");
  using raw = new Database(data("mcqueen.db"));
  raw.run("UPDATE audit SET at = ?", [later]);
  expect(of((await examine()).findings, "clock")).toMatchObject({
    status: "fails",
    fix: expect.stringContaining("NTP"),
  });
});

test("a key that is gone: doctor leads to the vault, and the vault to what mends it", async () => {
  await run(["settings", "set", "WEATHER_API_KEY", "-"], { home: home.path, stdin: "a-key-of-no-use" });
  for (const name of readdirSync(join(home.path, "keys")).filter((each) => each.startsWith("vault-")))
    rmSync(join(home.path, "keys", name));
  expect(of((await examine()).findings, "vault")).toMatchObject({ status: "fails", fix: "Run: mcqueen vault status" });
  const status = await at("vault", "status");
  expect([status.exit, status.err]).toEqual([1, expect.stringContaining("mcqueen vault reset")]);
  expect((await at("vault", "reset", "--yes")).exit).toBe(0);
  expect(of((await examine()).findings, "vault")?.status).toBe("works");
});

test("the file of settings is named as read only where there is one", async () => {
  const file = join(home.path, "config.toml");
  expect(of((await examine()).findings, "settings")?.detail).toBe(`read from the environment; no ${file} yet`);
  writeFileSync(file, 'PORT = "3002"\n', { mode: 0o600 });
  expect(of((await examine()).findings, "settings")?.detail).toBe(`read from ${file} and the environment`);
});

test("a secret that was written into the file of settings by hand is told, and the command takes it out", async () => {
  const file = join(home.path, "config.toml");
  const name = "WEATHER_API_KEY";
  writeFileSync(file, `# mine\n${name} = "written-by-hand"\nPORT = "3007"\n`, { mode: 0o600 });
  const { exit, findings } = await examine();
  const found = of(findings, `setting ${name}`);
  expect([exit, found?.status, found?.fix?.startsWith(`Run: mcqueen settings set ${name} -`)]).toEqual([
    0,
    "warns",
    true,
  ]);
  expect(JSON.stringify(findings)).not.toContain("written-by-hand");
  await run(["settings", "set", name, "-"], { home: home.path, stdin: "kept-well" });
  expect(readFileSync(file, "utf8")).toBe('# mine\nPORT = "3007"\n');
  expect(of((await examine()).findings, `setting ${name}`)).toBeUndefined();
  expect((await at("settings", "get", name, "--json")).json).toMatchObject({ source: "vault" });
});
