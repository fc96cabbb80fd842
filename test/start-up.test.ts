import { expect, test } from "bun:test";
import { dirname, join } from "node:path";
import { importsOf } from "./support/imports.ts";
import { tokensOf } from "./support/tokens.ts";

const root = join(import.meta.dir, "..");

const macros = ["../src/catalogue.ts", "./app-tool-names.ts"];

/** Every file that is loaded with these, and every library: what is imported at once, from file to file. */
async function loadedWith(entries: readonly string[]): Promise<Set<string>> {
  const loaded = new Set<string>();
  const waiting = [...entries];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (loaded.has(path)) continue;
    loaded.add(path);
    if (!path.endsWith(".ts")) continue;
    for (const { target, typeOnly, how } of importsOf(tokensOf(await Bun.file(join(root, path)).text()))) {
      if (target === undefined || typeOnly || how !== "import" || macros.includes(target)) continue;
      waiting.push(target.startsWith(".") ? join(dirname(path), target) : target);
    }
  }
  return loaded;
}

/** What a cold `mcqueen list --json` loads: the entry, the command, and what these reach for late. */
const listing = ["cli/main.ts", "cli/run.ts", "cli/commands/list.ts", "src/settings.ts", "src/app.ts", "cli/local.ts"];
/** A plain list. What its macro reads is loaded when the program is built. */
const quickListing = ["cli/main.ts", "cli/run.ts", "cli/commands/list.ts", "src/settings.ts"];

test("a cold list loads nothing of the vault, of logins and of Google", async () => {
  const loaded = await loadedWith(listing);
  expect(loaded).toContain("src/core/execute.ts");
  const heavy = [...loaded].filter((path) =>
    /^src\/(vault|oauth\/(?!all|google|slack|whatsapp|linkedin)|google|sandbox|net\/client)|vault|cipher|key-source|keychain|secret-box|^googleapis|^google-auth|^jose|^nodemailer|^chrono/.test(
      path,
    ),
  );
  // Types, and the names of what is kept, for which no key is needed.
  const light = ["src/core/vault.ts", "src/store/vault-rows.ts"];
  expect(heavy.filter((path) => !light.includes(path) && !path.endsWith(".sql"))).toEqual([]);
});

test("a plain list loads neither the tools nor the house", async () => {
  const loaded = await loadedWith(quickListing);
  expect(loaded).toContain("src/store/database.ts");
  expect([...loaded].filter((path) => /^src\/(adapters|core\/execute|app\.ts|catalogue)/.test(path))).toEqual([]);
});

/** A plain run of one tool, with its service and the request. */
const plainRun = [
  ...["cli/main.ts", "cli/run.ts", "cli/plain-run.ts", "src/app-tools.ts", "src/adapters/weather/adapter.ts"],
  ...["src/app.ts", "cli/log.ts", "cli/local.ts", "src/adapters/weather/weather.ts", "src/net/client.ts"],
];

test("a plain run loads neither the parser of commands nor another service", async () => {
  const loaded = await loadedWith(plainRun);
  expect(loaded).toContain("src/adapters/weather/get-weather.ts");
  const others =
    /^(commander|cli\/(program|verbs|flag-options|commands\/.*)\.ts|src\/adapters\/(?!all\.ts|weather\/).*)$/;
  expect([...loaded].filter((path) => others.test(path))).toEqual([]);
});

test("and the same look finds them where they are loaded", async () => {
  const loaded = await loadedWith(["src/vault.ts", "src/oauth/accounts.ts"]);
  for (const path of ["src/store/cipher.ts", "src/store/key-source.ts", "src/oauth/token-keeper.ts"]) {
    expect(loaded).toContain(path);
  }
});

test("and the parser of commands, where a command is typed otherwise", async () => {
  const loaded = await loadedWith(["cli/program.ts", "cli/commands/run.ts"]);
  for (const path of ["commander", "cli/verbs.ts", "cli/flag-options.ts"]) expect(loaded).toContain(path);
});
