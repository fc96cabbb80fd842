import { beforeAll, expect, test } from "bun:test";
import { binary } from "../support/binary.ts";
import { createHome } from "../support/home.ts";
import { bootServer } from "../support/server.ts";
import { createLetters, echo, toyAdapter } from "../support/toys.ts";

let program: string;
beforeAll(async () => {
  program = await binary();
}, 60_000);

const meta = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": {},
};
const message = (id: number, method: string, params: object = {}): string =>
  JSON.stringify({ jsonrpc: "2.0", id, method, params });
const call = (id: number, name: string, given: object, more: object = {}): string =>
  message(id, "tools/call", { name, arguments: given, ...more });
const hello = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "raw", version: "1" } };

/** What clients send, and what no client should. */
const older = [
  message(1, "initialize", hello),
  '{"jsonrpc":"2.0","method":"notifications/initialized"}',
  message(2, "tools/list"),
  call(3, "echo", { text: "a\nb\u2028c" }),
  call(4, "echo", {}),
  call(5, "nope", {}),
  call(6, "letters_send", { to: "Ada" }),
  message(7, "no/such/method"),
  "{ broken",
  "[]",
  "",
  '{"jsonrpc":"1.0"}',
];
const newer = [
  message(1, "tools/list", { _meta: meta }),
  call(2, "echo", { text: "a\nb\u2028c" }, { _meta: meta }),
  call(3, "echo", {}, { _meta: meta }),
  call(4, "nope", {}, { _meta: meta }),
  call(5, "letters_send", { to: "Ada" }, { _meta: meta }),
  "{ broken",
];

/** Sends all, waits for as many answers, ends the input, and gives every line of stdout. */
async function linesOf(words: string[], env: Record<string, string>, sent: string[], answers: number) {
  const child = Bun.spawn([program, ...words], { stdin: "pipe", stdout: "pipe", stderr: "pipe", env });
  const logged = child.stderr.text();
  child.stdin.write(`${sent.join("\n")}\n`);
  await child.stdin.flush();
  let out = "";
  const decoder = new TextDecoder();
  for await (const chunk of child.stdout) {
    out += decoder.decode(chunk, { stream: true });
    if (out.split("\n").filter((line) => /"id":\d/.test(line)).length === answers) await child.stdin.end();
  }
  return { lines: out.trimEnd().split("\n"), exit: await child.exited, logged: await logged };
}

test.each([
  ["older", older, 7],
  ["newer", newer, 5],
])(
  "nothing but messages of the protocol goes to stdout, whatever comes and however much is logged: the %s era",
  async (_era, sent, answers) => {
    using home = createHome();
    const named = { echo: "notes_list", letters_send: "notes_add" };
    const own = sent.map((line) =>
      Object.entries(named).reduce((text, [from, to]) => text.replace(`"${from}"`, `"${to}"`), line),
    );
    const env = {
      PATH: process.env.PATH ?? "",
      HOME: home.path,
      MCQUEEN_HOME: home.path,
      VAULT_KEY: "file",
      APPROVAL_WAIT_S: "0",
      LOG_LEVEL: "debug",
    };
    await using server = await bootServer({
      adapters: [toyAdapter(echo, createLetters().tool)],
      env: { APPROVAL_WAIT_S: "0" },
    });
    const local = await linesOf(["--sandbox", "mcp"], env, own, answers);
    const far = { ...env, MCQUEEN_TOKEN: server.app.localToken() };
    const remote = await linesOf(["--server", server.origin, "mcp"], far, sent, answers);
    for (const { lines, exit } of [local, remote]) {
      expect(exit).toBe(0);
      const messages = lines.map((line) => JSON.parse(line));
      for (const each of messages) expect(each).toMatchObject({ jsonrpc: "2.0" });
      const ids = messages.map(({ id }) => id).filter((id) => typeof id === "number");
      expect(ids.sort()).toEqual(Array.from({ length: answers }, (_, at) => at + 1));
    }
    expect(local.logged).not.toBe("");
  },
  60_000,
);
