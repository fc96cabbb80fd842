import { describe, expect, test } from "bun:test";
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readAnyFile, readGuardedFile, readPrivateFile } from "../src/files.ts";
import { withFileLock } from "../src/files-lock.ts";
import { createHome } from "./support/home.ts";

const module = (path: string): string => JSON.stringify(join(import.meta.dir, "..", path));

describe("reading", () => {
  const modes: [name: string, read: (path: string) => string | undefined, good: number[], bad: number[]][] = [
    ["a private file", readPrivateFile, [0o600, 0o400, 0o700], [0o640, 0o604, 0o620, 0o666]],
    ["a guarded file", readGuardedFile, [0o600, 0o644, 0o755], [0o664, 0o646, 0o602]],
    ["any file", readAnyFile, [0o600, 0o666], []],
  ];
  test.each(modes)("%s", (_, read, good, bad) => {
    using home = createHome();
    const path = join(home.path, "it's.toml");
    expect(read(path)).toBeUndefined();
    writeFileSync(path, "text");
    for (const mode of good) {
      chmodSync(path, mode);
      expect(read(path)).toBe("text");
    }
    for (const mode of bad) {
      chmodSync(path, mode);
      expect(() => read(path)).toThrow(`(mode ${mode.toString(8)}), so it is not used`);
    }
    expect(() => read(home.path)).toThrow();
  });
});

describe("withFileLock", () => {
  /** Adds one to the number in a file, many times, in processes of their own. */
  async function count(path: string, processes: number, times: number): Promise<number[]> {
    const code = `
      import { readFileSync, writeFileSync } from "node:fs";
      import { withFileLock } from ${module("src/files-lock.ts")};
      for (let at = 0; at < ${times}; at++) withFileLock(${JSON.stringify(path)}, () => {
        const seen = Number(readFileSync(${JSON.stringify(path)}, "utf8"));
        Bun.sleepSync(1);
        writeFileSync(${JSON.stringify(path)}, String(seen + 1));
      });`;
    const children = Array.from({ length: processes }, () =>
      Bun.spawn([process.execPath, "-e", code], { stderr: "inherit" }),
    );
    return Promise.all(children.map((child) => child.exited));
  }

  test("eight processes never work at once, and nothing is left behind", async () => {
    using home = createHome();
    const path = join(home.path, "number");
    writeFileSync(path, "0");
    expect(await count(path, 8, 10)).toEqual(Array(8).fill(0));
    expect(readFileSync(path, "utf8")).toBe("80");
    expect(readdirSync(home.path)).toEqual(["number"]);
  });

  test("eight processes find the lock of a dead one, and one of them removes it", async () => {
    using home = createHome();
    const path = join(home.path, "number");
    writeFileSync(path, "0");
    const dead = Bun.spawn(["true"]);
    await dead.exited;
    writeFileSync(`${path}.lock`, `${dead.pid} left over`);
    expect(await count(path, 8, 5)).toEqual(Array(8).fill(0));
    expect(readFileSync(path, "utf8")).toBe("40");
    expect(readdirSync(home.path)).toEqual(["number"]);
  });

  test("a lock older than a minute is left over, whoever has its process id now", () => {
    using home = createHome();
    const path = join(home.path, "x");
    writeFileSync(`${path}.lock`, `${process.pid} from before`);
    const longAgo = Date.now() / 1000 - 90;
    utimesSync(`${path}.lock`, longAgo, longAgo);
    expect(withFileLock(path, () => 7)).toBe(7);
  });

  test("gives up after five seconds, names the lock, and leaves it alone", () => {
    using home = createHome();
    const path = join(home.path, "x");
    writeFileSync(`${path}.lock`, `${process.pid} at work`);
    const started = performance.now();
    let worked = false;
    expect(() => withFileLock(path, () => (worked = true))).toThrow(`Another process holds ${path}.lock`);
    expect(worked).toBe(false);
    expect(performance.now() - started).toBeWithin(4_900, 8_000);
    expect(readFileSync(`${path}.lock`, "utf8")).toBe(`${process.pid} at work`);
  }, 15_000);

  test("is freed when the work throws, and is not removed when it is another's by then", () => {
    using home = createHome();
    const path = join(home.path, "x");
    const fail = (): never => {
      throw new Error("work");
    };
    expect(() => withFileLock(path, fail)).toThrow("work");
    expect(existsSync(`${path}.lock`)).toBe(false);
    withFileLock(path, () => {
      rmSync(`${path}.lock`);
      writeFileSync(`${path}.lock`, "another's");
    });
    expect(readFileSync(`${path}.lock`, "utf8")).toBe("another's");
  });

  test("a folder that cannot be written to is named", () => {
    expect(() => withFileLock("/proc/mcqueen/x", () => 1)).toThrow("/proc/mcqueen");
  });
});
