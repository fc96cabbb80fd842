import { expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { binary } from "../support/binary.ts";
import { createHome } from "../support/home.ts";

setDefaultTimeout(60_000);

const full = "✗ The output cannot be written: the disk is full.\n";

test.skipIf(!existsSync("/dev/full")).each([
  { words: ["users", "list"], exit: 1 },
  { words: ["users", "list", "--json"], exit: 1 },
  { words: ["users", "list", "--json", "--quiet"], exit: 1 },
  { words: ["list", "--select", "tools"], exit: 1 },
  { words: ["show", "nope", "--json"], exit: 6 },
])("an output that takes nothing is told in a sentence: $words", async ({ words, exit }) => {
  using home = createHome();
  const child = Bun.spawn([await binary(), ...words], {
    env: { HOME: home.path, MCQUEEN_HOME: home.path, VAULT_KEY: "file" },
    stdin: "ignore",
    stdout: Bun.file("/dev/full"),
    stderr: "pipe",
  });
  expect([await child.stderr.text(), await child.exited]).toEqual([full, exit]);
});
