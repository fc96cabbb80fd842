import { describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createKnownSecrets } from "../src/core/known-secrets.ts";
import { makeSecret, randomText } from "../src/core/secret.ts";
import { createLogger, type Logger, type LoggerOptions, silentLogger } from "../src/log.ts";

function createFolder() {
  const path = mkdtempSync(join(tmpdir(), "mcqueen-log-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

const logTo = (file: string, more: Partial<LoggerOptions> = {}): Promise<Logger> =>
  createLogger({ level: "info", format: "json", file, secrets: createKnownSecrets([]), ...more });

const linesOf = (file: string): Record<string, unknown>[] =>
  readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Record<string, unknown>);

/** What a logger in a process of its own writes to stderr; the code may use `log` and `file`. */
async function stderrOf(file: string | undefined, code: string, stderr: "pipe" | "/dev/full" = "pipe") {
  const script = `
    import { createKnownSecrets } from "${join(import.meta.dir, "../src/core/known-secrets.ts")}";
    import { createLogger } from "${join(import.meta.dir, "../src/log.ts")}";
    const file = ${JSON.stringify(file)};
    const log = await createLogger({ level: "info", format: "pretty", secrets: createKnownSecrets(["known-secret"]), ...(file ? { file } : {}) });
    ${code}
    console.log("alive");`;
  const child = Bun.spawn([process.execPath, "-e", script], {
    stdout: "pipe",
    stderr: stderr === "pipe" ? "pipe" : Bun.file(stderr),
  });
  const [out, err] = await Promise.all([
    child.stdout.text(),
    child.stderr instanceof ReadableStream ? child.stderr.text() : "",
  ]);
  return { out, err, exit: await child.exited };
}

describe("the file", () => {
  test("has mode 0600, also when it lay there looser, and its folder is made", async () => {
    using folder = createFolder();
    const file = join(folder.path, "logs", "mcqueen.log");
    (await logTo(file)).info("one");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder.path, "logs")).mode & 0o777).toBe(0o700);
    chmodSync(file, 0o666);
    (await logTo(file)).info("two");
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(linesOf(file).map(({ msg }) => msg)).toEqual(["one", "two"]);
  });

  test("is turned over at 5 MiB, and three old ones are kept", async () => {
    using folder = createFolder();
    const file = join(folder.path, "mcqueen.log");
    const log = await logTo(file);
    for (let round = 1; round <= 6; round++) {
      log.info(`round ${round}`);
      truncateSync(file, 5 * 1024 * 1024 - 10);
    }
    log.info("last");
    expect(readdirSync(folder.path).sort()).toEqual(["", ".1", ".2", ".3"].map((end) => `mcqueen.log${end}`));
    expect(linesOf(file).map(({ msg }) => msg)).toEqual(["last"]);
    const first = (end: string): string => readFileSync(file + end, "utf8").slice(0, 200);
    expect([".1", ".2", ".3"].map((end) => /round \d/.exec(first(end))?.[0])).toEqual([
      "round 6",
      "round 5",
      "round 4",
    ]);
    for (const end of ["", ".1", ".2", ".3"]) expect(statSync(file + end).mode & 0o777).toBe(0o600);
  });

  test("comes back when its folder was moved away", async () => {
    using folder = createFolder();
    const file = join(folder.path, "logs", "mcqueen.log");
    const log = await logTo(file);
    log.info("one");
    renameSync(join(folder.path, "logs"), join(folder.path, "gone"));
    log.info("two");
    expect(linesOf(file).map(({ msg }) => msg)).toEqual(["two"]);
  });

  test("that cannot be written: stderr hears of it once, and the file later how much was lost", async () => {
    using folder = createFolder();
    const logs = join(folder.path, "logs");
    writeFileSync(logs, "a file where the folder should be");
    const file = join(logs, "mcqueen.log");
    const { out, err, exit } = await stderrOf(
      file,
      `for (const each of ["one known-secret", "two", "three"]) log.info(each);
       require("node:fs").rmSync(${JSON.stringify(logs)});
       log.info("four");`,
    );
    expect({ out, exit }).toEqual({ out: "alive\n", exit: 0 });
    expect(err.split("cannot be written")).toHaveLength(2);
    expect(err).toContain("one [redacted]");
    expect(err).not.toContain("two");
    expect(linesOf(file).map(({ msg, lost }) => [msg, lost])).toEqual([
      ["Lines of the log were lost", 3],
      ["four", undefined],
    ]);
  });

  test.skipIf(!existsSync("/dev/full"))("on a full disk throws nothing and leaves a device's mode alone", async () => {
    const before = statSync("/dev/full").mode;
    const { out, err, exit } = await stderrOf("/dev/full", 'log.info("one"); log.error("two");');
    expect({ out, exit }).toEqual({ out: "alive\n", exit: 0 });
    expect(err).toContain("ENOSPC");
    expect(err.split("\n").filter((line) => line !== "")).toHaveLength(2);
    expect(statSync("/dev/full").mode).toBe(before);
  });
});

describe("stderr", () => {
  test("gets a line for people", async () => {
    const { err } = await stderrOf(undefined, 'log.warn("Slow known-secret", { ms: 7, place: "Oslo" });');
    expect(err).toMatch(/^\d\d:\d\d:\d\d warn {2}Slow \[redacted\] ms=7 place=Oslo\n$/);
  });

  test.skipIf(!existsSync("/dev/full"))("that is full does not end the process", async () => {
    const { out, exit } = await stderrOf(
      undefined,
      'log.info("one"); await Bun.sleep(50); log.info("two");',
      "/dev/full",
    );
    expect({ out, exit }).toEqual({ out: "alive\n", exit: 0 });
  });
});

test("silent writes nothing at all", async () => {
  using folder = createFolder();
  const file = join(folder.path, "mcqueen.log");
  const log = await logTo(file, { level: "silent" });
  log.error("x");
  expect([log, existsSync(file)]).toEqual([silentLogger, false]);
});

test("a level holds back what is below it", async () => {
  using folder = createFolder();
  const file = join(folder.path, "mcqueen.log");
  const log = await logTo(file, { level: "warn" });
  log.info("no");
  log.warn("yes");
  expect(linesOf(file).map(({ level, msg }) => [level, msg])).toEqual([["warn", "yes"]]);
});

test("a line begins with its level and time, and no field takes their place", async () => {
  using folder = createFolder();
  const file = join(folder.path, "mcqueen.log");
  (await logTo(file)).info("said", { level: "error", time: "never", msg: "else", place: "Oslo" });
  expect(Object.keys(linesOf(file)[0] ?? {})).toEqual(["level", "time", "msg", "place"]);
  expect(linesOf(file)).toMatchObject([{ level: "info", time: expect.stringMatching(/^\d{4}-.*Z$/), msg: "said" }]);
});

test("a field that cannot be read costs the fields, not the line", async () => {
  using folder = createFolder();
  const file = join(folder.path, "mcqueen.log");
  const hostile = Object.defineProperty({}, "x", {
    enumerable: true,
    get() {
      throw new Error("no");
    },
  });
  (await logTo(file)).info("said", { hostile });
  expect(linesOf(file)).toMatchObject([{ msg: "said", unreadable_fields: true }]);
});

/** Twenty secrets: known ones with every awkward character, and ones that only their form betrays. */
const known = [
  'quote"inside',
  "back\\slash",
  "new\nline",
  "tab\tand space",
  "slash/and+plus=",
  "ampersand&hash#",
  "ünïcödé-🔑",
  '\\"both\\"\n',
  "percent%2Fsign",
  "31415926535",
];
const formed = [
  makeSecret("s"),
  makeSecret("t"),
  `mcq_l_${randomText(32, "base64url")}`,
  `ya29.${randomText(20, "base64url")}`,
  `1//0${randomText(20, "hex")}`,
  `xoxp-${randomText(20, "hex")}`,
  `tvly-${randomText(20, "hex")}`,
  `EAA${randomText(20, "hex")}`,
  `GOCSPX-${randomText(20, "base64url")}`,
  `eyJ${randomText(12, "base64url")}.${randomText(12, "base64url")}.${randomText(12, "base64url")}`,
];

describe("twenty canaries", () => {
  test.each([...known, ...formed])("%j appears nowhere", async (canary) => {
    using folder = createFolder();
    const file = join(folder.path, "mcqueen.log");
    const log = await logTo(file, { secrets: createKnownSecrets(known) });
    const address = new URL("https://example.org/x");
    address.searchParams.set("q", canary);
    const error = new Error(`broke at ${canary}`, { cause: new Error(canary) });
    const ways: [string, Record<string, unknown>][] = [
      [`said ${canary} aloud`, {}],
      ["field", { field: canary }],
      ["nested", { a: [{ b: { c: canary, [canary]: 1 } }] }],
      ["error", { error, err: error, again: Object.assign(error, { code: canary, body: canary }) }],
      ["address", { path: `/x%2F${encodeURIComponent(canary)}%2Fy`, address, href: address.href }],
      [
        "number",
        /^\d+$/.test(canary) ? { count: Number(canary), big: BigInt(canary), more: Number(`${canary}42`) } : {},
      ],
      ["json", { body: JSON.stringify({ x: canary }), twice: JSON.stringify(JSON.stringify({ x: canary })) }],
      ["key", { authorization: canary, headers: { Cookie: canary, "x-api-key": canary } }],
    ];
    for (const [message, fields] of ways) log.info(message, fields);
    const text = readFileSync(file, "utf8");
    const inJson = JSON.stringify(canary).slice(1, -1);
    const form = new URLSearchParams({ q: canary }).toString().slice(2);
    for (const spelling of [canary, inJson, JSON.stringify(inJson).slice(1, -1), encodeURIComponent(canary), form]) {
      expect(text).not.toContain(spelling);
    }
    expect(linesOf(file)).toHaveLength(ways.length);
    expect(linesOf(file)[0]).toMatchObject({ level: "info", msg: "said [redacted] aloud" });
  });
});

describe("a logger that gathers", () => {
  test("writes at the end of the turn, in order, and what is urgent at once with all before it", async () => {
    using folder = createFolder();
    const file = join(folder.path, "mcqueen.log");
    const log = await logTo(file, { gathers: true });
    log.info("one");
    log.info("two");
    expect(existsSync(file)).toBe(false);
    await new Promise((resolve) => setImmediate(resolve));
    expect(linesOf(file).map(({ msg }) => msg)).toEqual(["one", "two"]);
    log.info("three");
    log.error("four");
    expect(linesOf(file).map(({ msg }) => msg)).toEqual(["one", "two", "three", "four"]);
  });

  test("loses nothing when the process ends in the middle of a turn", async () => {
    using folder = createFolder();
    const file = join(folder.path, "mcqueen.log");
    const code = `
      const { createLogger: make } = await import("${join(import.meta.dir, "../src/log.ts")}");
      const gathering = await make({ level: "info", format: "json", file, secrets: createKnownSecrets([]), gathers: true });
      gathering.info("last words");
      process.exit(0);`;
    expect((await stderrOf(file, code)).exit).toBe(0);
    expect(linesOf(file).map(({ msg }) => msg)).toEqual(["last words"]);
  });

  test("counts each of the lines that it could not write", async () => {
    using folder = createFolder();
    const file = join(folder.path, "mcqueen.log");
    const code = `
      const { createLogger: make } = await import("${join(import.meta.dir, "../src/log.ts")}");
      const { mkdirSync, rmdirSync } = await import("node:fs");
      mkdirSync(file);
      const gathering = await make({ level: "info", format: "json", file, secrets: createKnownSecrets([]), gathers: true });
      const turn = () => new Promise((resolve) => setImmediate(resolve));
      for (let at = 0; at < 3; at++) gathering.info("lost");
      await turn();
      rmdirSync(file);
      gathering.info("kept");
      await turn();`;
    expect((await stderrOf(file, code)).out).toBe("alive\n");
    expect(linesOf(file)).toMatchObject([{ lost: 3 }, { msg: "kept" }]);
  });
});
