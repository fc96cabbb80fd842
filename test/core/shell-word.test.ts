import { expect, test } from "bun:test";
import fc from "fast-check";
import { shellWord } from "../../src/core/shell-word.ts";

test.each([
  ["ada@example.org", "ada@example.org"],
  ["/home/ada/backup-1.db", "/home/ada/backup-1.db"],
  ["Ærlig.Ö", "Ærlig.Ö"],
  ["auth0|42", "'auth0|42'"],
  ["my notes.db", "'my notes.db'"],
  ["Bob's", `'Bob'\\''s'`],
  ["$(id)", "'$(id)'"],
  ["~/x", "'~/x'"],
  ["", "''"],
])("%s is written %s", (text, word) => expect(shellWord(text)).toBe(word));

test("a shell reads back what was meant", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.string({ unit: "grapheme" }), { minLength: 1, maxLength: 20 }), async (texts) => {
      const meant = texts.map((text) => text.replaceAll("\0", ""));
      const command = `printf '%s\\0' ${meant.map(shellWord).join(" ")}`;
      const shell = Bun.spawn(["/bin/sh", "-c", command], {
        stdout: "pipe",
        stderr: "ignore",
        env: { LC_ALL: "C.UTF-8" },
      });
      expect(await shell.stdout.text()).toBe(meant.map((text) => `${text}\0`).join(""));
    }),
    { numRuns: 30 },
  );
});
