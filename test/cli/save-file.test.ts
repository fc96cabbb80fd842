import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import fc from "fast-check";
import { safeFileName, saveNew } from "../../cli/save-file.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mcqueen-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const bytes = Buffer.from("content");

describe("names of files that strangers chose", () => {
  test.each([
    ["report.pdf", "report.pdf"],
    ["naïve plan (文).txt", "naïve plan (文).txt"],
    ["../../etc/passwd", "passwd"],
    ["..\\..\\autoexec.bat", "autoexec.bat"],
    ["/", "attachment"],
    ["..", "attachment"],
    ["", "attachment"],
    [".bashrc", "bashrc"],
    ["-rf", "_rf"],
    ["~root", "_root"],
    ["a\u0000b\nc\u001b[31m.txt", "abc[31m.txt"],
    ["gpj.\u202eexe", "gpj.exe"],
    ["a:b|c?.txt", "a_b_c_.txt"],
    ["trailing. . ", "trailing"],
    ["CON", "_CON"],
    ["nul.txt", "_nul.txt"],
    ["com1 .log", "_com1.log"],
    ["console.log", "console.log"],
    [`${"x".repeat(400)}.jpeg`, `${"x".repeat(195)}.jpeg`],
  ])("%p is saved as %p", (given, name) => {
    expect(safeFileName(given)).toBe(name);
  });

  test("any name stays in its folder and is harmless", () => {
    const piece = fc.constantFrom(
      "..",
      "/",
      "\\",
      ".",
      " ",
      "CON",
      "nul",
      "\u202e",
      "\u0000",
      "\n",
      "a",
      "é",
      "🎉",
      ":",
      "-",
      "~",
      ".txt",
    );
    const name = fc.oneof(
      fc.string({ unit: "binary", maxLength: 300 }),
      fc.array(piece).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(name, (given) => {
        const safe = safeFileName(given);
        expect(dirname(resolve("/folder", safe))).toBe("/folder");
        expect(basename(safe)).toBe(safe);
        expect(safe).not.toMatch(/[\p{C}<>:"|?*/\\]|^[.\-~ ]|[. ]$/u);
        expect(safe).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d) *(\.|$)/i);
        expect(Buffer.byteLength(safe)).toBeLessThanOrEqual(200);
        expect(safe.length).toBeGreaterThan(0);
        expect(safeFileName(safe)).toBe(safe);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("saving", () => {
  test("writes for the owner alone, into a folder that it makes", () => {
    const path = saveNew(join(folder, "new", "deeper"), "a.txt", bytes);
    expect(path).toBe(join(folder, "new", "deeper", "a.txt"));
    expect([readFileSync(path, "utf8"), statSync(path).mode & 0o777]).toEqual(["content", 0o600]);
    expect(statSync(join(folder, "new")).mode & 0o777).toBe(0o700);
  });

  test("overwrites nothing", () => {
    writeFileSync(join(folder, "a.tar.gz"), "mine");
    writeFileSync(join(folder, "a.tar (1).gz"), "mine too");
    expect(saveNew(folder, "a.tar.gz", bytes)).toBe(join(folder, "a.tar (2).gz"));
    expect(readFileSync(join(folder, "a.tar.gz"), "utf8")).toBe("mine");
  });

  test("follows no link that lies there, not even one to nothing", () => {
    const elsewhere = join(folder, "elsewhere");
    symlinkSync(elsewhere, join(folder, "a.txt"));
    expect(saveNew(folder, "a.txt", bytes)).toBe(join(folder, "a (1).txt"));
    expect(readdirSync(folder).sort()).toEqual(["a (1).txt", "a.txt"]);
  });

  test("says where it cannot write", () => {
    writeFileSync(join(folder, "file"), "");
    expect(() => saveNew(join(folder, "file", "x"), "a.txt", bytes)).toThrow(/Nothing can be saved in .*ENOTDIR/);
  });
});
