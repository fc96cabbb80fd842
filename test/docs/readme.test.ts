import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { binary } from "../support/binary.ts";
import { consentAt } from "../support/google.ts";
import { createHome } from "../support/home.ts";
import { beginLogin } from "../support/login.ts";

setDefaultTimeout(60_000);

/** The lines of README's shell blocks, continued lines joined; install.sh has tests of its own, and others run a bench or a check. */
const lines = [
  ...readFileSync(join(import.meta.dir, "../../README.md"), "utf8").matchAll(/^```bash\n([\s\S]*?)^```$/gm),
]
  .flatMap(([, block = ""]) =>
    block
      .replace(/\\\n\s*/g, "")
      .trimEnd()
      .split("\n"),
  )
  .filter((line) => line.trim() !== "" && !/\.\/install\.sh|^bun run /.test(line));

/** Commands that stop where nobody sits at a terminal or nothing is set up, and the exit that says so. All others end with 0. */
const stops: [command: RegExp, exit: number, because: RegExp][] = [
  [/^mcqueen (lan on|pair\b)/, 8, /wants a person at a terminal/],
  [/^mcqueen clients allow/, 8, /wants a person at a terminal/],
  [/^mcqueen mcp install (?!.*--yes|.*--print)/, 4, /--yes/],
  [/^mcqueen login (google|gmail)(?!.*--client-file)/, 10, /console\.cloud\.google\.com/],
  [/--client-file/, 2, /client_secret\.json/],
  [/^mcqueen login (slack|linkedin)/, 10, /mcqueen settings set/],
  [/^mcqueen logout gmail --account work/, 6, /under the name work/],
  [/run (slack_personal search|linkedin_personal profile)/, 3, /login (slack|linkedin)/],
  [/run (?!.*(--yes|--dry-run)).*(add --title|post --|create_event|--party-size)/, 4, /Voice confirmation required/],
  [/run email_personal read/, 6, /no such entry/],
  [/run email_personal send.*--reply-to/, 4, /Voice confirmation required/],
  [/run email_personal send.*--attach/, 4, /Voice confirmation required/],
  [/show --booking-id/, 6, /bkg_x/],
  [/cancel --booking-id/, 4, /Voice confirmation required/],
  [/mcqueen restore/, 6, /none\.db/],
  [/--open 1/, 10, /No program here opens web pages/],
];

let home: ReturnType<typeof createHome>;
let folder: string;
let path: string;
let port: number;

/** As printed, but in the sandbox, at a free port, with days to come, and with ids where README leaves them out. */
const asRun = (line: string): string =>
  line
    .replaceAll("3001", String(port))
    .replace(/\b2026-12-(?=\d\d\b)/g, `${new Date().getUTCFullYear() + 1}-12-`)
    .replace(/<id>/g, "x1")
    .replace(/<file>/g, "none.db")
    .replaceAll("bkg_…", "bkg_x");

async function inShell(line: string): Promise<{ exit: number; told: string }> {
  const child = Bun.spawn(["bash", "-c", `set -o pipefail\n${asRun(line)}`], {
    cwd: folder,
    env: { PATH: path, HOME: folder, MCQUEEN_HOME: home.path, VAULT_KEY: "file", PORT: String(port), NO_COLOR: "1" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  return { exit: await child.exited, told: out + err };
}

beforeAll(async () => {
  home = createHome();
  folder = join(home.path, "person");
  path = `${join(folder, "bin")}:/usr/bin:/bin`;
  using free = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  port = free.port ?? 0;
  mkdirSync(join(folder, "bin"), { recursive: true });
  const program = join(folder, "bin/mcqueen");
  const kept = "*' --sandbox '* | *' --server '* | *' login '*";
  writeFileSync(
    program,
    `#!/bin/sh\ncase " $* " in ${kept}) exec '${await binary()}' "$@" ;; esac\nexec '${await binary()}' --sandbox "$@"\n`,
  );
  chmodSync(program, 0o755);
  writeFileSync(join(folder, "letter.txt"), "Dear Ada,\n");
  writeFileSync(join(folder, "minutes.pdf"), "%PDF-1.4\n");
  await using login = await beginLogin(home.path, ["google", "--no-browser"]);
  await (await fetch(await consentAt(await login.url(), { email: "ada.lovelace@example.com" }))).text();
  expect((await login.ended()).exit).toBe(0);
});
afterAll(async () => {
  await inShell("mcqueen daemon stop");
  home[Symbol.dispose]();
});

test("README has commands", () => expect(lines.length).toBeGreaterThan(80));

test.each(lines)("%s", async (line) => {
  const { exit, told } = await inShell(line);
  const [, wanted, because] = stops.find(([command]) => command.test(line)) ?? [line, 0, /^/];
  expect({ exit, told }).toEqual({ exit: wanted, told: expect.stringMatching(because) });
});
