import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { eras } from "../support/agent.ts";
import { binary, run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";
import { modernCall } from "../support/raw-agent.ts";

let program: string;
let home: ReturnType<typeof createHome>;
beforeAll(async () => {
  program = await binary();
  home = createHome();
}, 60_000);
afterAll(() => home[Symbol.dispose]());

const envOf = (more: Record<string, string> = {}) => ({
  PATH: process.env.PATH ?? "",
  HOME: home.path,
  MCQUEEN_HOME: home.path,
  VAULT_KEY: "file",
  LOG_LEVEL: "debug",
  ...more,
});

/** What a client says, a message a line: a beginning, where the era has one, and calls. */
function saying(era: string, ...calls: [name: string, given: unknown][]): string {
  const params = { protocolVersion: era, capabilities: { elicitation: {} }, clientInfo: { name: "raw", version: "1" } };
  const beginning = [
    { jsonrpc: "2.0", id: 0, method: "initialize", params },
    { jsonrpc: "2.0", method: "notifications/initialized" },
  ];
  const messages = calls.map(([name, given], at) => {
    const { body } = modernCall(name, given, { _meta: { progressToken: at + 1 } });
    const older = { name, arguments: given, _meta: { progressToken: at + 1 } };
    return { ...body, id: at + 1, params: era === "2026-07-28" ? body.params : older };
  });
  return [...(era === "2026-07-28" ? [] : beginning), ...messages].map((each) => `${JSON.stringify(each)}\n`).join("");
}

const failing: [name: string, given: unknown][] = [
  ["get_weather", { location: "New York" }],
  ["get_weather", {}],
  ["get_weather", { location: "Nowhere-at-all-xyz" }],
  ["email_personal_search", { query: "in:inbox" }],
  ["notes_add", { title: "\u001b]0;title\u0007 há" }],
  ["no_such_tool", {}],
  ["__proto__", {}],
];

describe.each(eras)("mcqueen mcp with the protocol of %s", (era) => {
  test("writes the protocol and nothing else on stdout, whatever fails and however much is logged", async () => {
    const child = Bun.spawn([program, "--sandbox", "mcp"], {
      env: envOf({ APPROVAL_WAIT_S: "0" }),
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
    });
    child.stdin.write(saying(era, ...failing));
    child.stdin.write("this is no message\n\n[]\n{}\n[1]\n");
    const answered = new Set<unknown>();
    let rest = "";
    const lines: string[] = [];
    for await (const chunk of child.stdout) {
      const parts = (rest + new TextDecoder().decode(chunk)).split("\n");
      rest = parts.pop() ?? "";
      for (const line of parts) {
        lines.push(line);
        const { id, method } = JSON.parse(line);
        if (method === undefined && typeof id === "number" && id > 0) answered.add(id);
      }
      if (answered.size === failing.length) child.stdin.end();
    }
    expect([rest, await child.exited]).toEqual(["", 0]);
    expect(lines.every((line) => JSON.parse(line).jsonrpc === "2.0")).toBe(true);
  }, 20_000);

  test.each(["SIGTERM", "SIGINT"] as const)(
    "ends well at %s",
    async (signal) => {
      const child = Bun.spawn([program, "--sandbox", "mcp"], {
        env: envOf(),
        stdin: "pipe",
        stdout: "pipe",
        stderr: "ignore",
      });
      child.stdin.write(saying(era, ["get_weather", { location: "New York" }]));
      const reader = child.stdout.getReader();
      await reader.read();
      child.kill(signal);
      expect(await child.exited).toBe(0);
    },
    20_000,
  );

  const deaths: [when: string, calls: [string, unknown][], env: Record<string, string>, sign: RegExp][] = [
    ["while nothing happens", [["get_weather", { location: "New York" }]], {}, /"structuredContent"/],
    [
      "while a person is asked elsewhere",
      [["notes_add", { title: "x" }]],
      { APPROVAL_WAIT_S: "300" },
      /Waiting for a person/,
    ],
    ["while its own person is asked", [["notes_add", { title: "x" }]], { AGENT_WRITES: "ask" }, /elicitation\/create/],
  ];
  test.each(deaths)(
    "is gone when its client is killed %s",
    async (_when, calls, env, sign) => {
      const client = Bun.spawn([process.execPath, "-e", killable, program, saying(era, ...calls)], {
        env: envOf(env),
        stdout: "pipe",
      });
      let heard = "";
      for await (const chunk of client.stdout) {
        heard += new TextDecoder().decode(chunk);
        if (sign.test(heard)) client.kill("SIGKILL");
      }
      const pid = Number(/^pid (\d+)$/m.exec(heard)?.[1]);
      expect([sign.test(heard), pid > 1]).toEqual([true, true]);
      while (isAlive(pid)) await Bun.sleep(20);
      const notes = await run(["--sandbox", "run", "notes", "list", "--json"], { home: home.path });
      expect(notes.json.success).toBe(true);
    },
    20_000,
  );
});

/** A client that starts the program as its child, and tells everything that it hears. */
const killable = `
const [program, said] = process.argv.slice(-2);
const child = Bun.spawn([program, "--sandbox", "mcp"], { stdin: "pipe", stdout: "pipe", stderr: "ignore" });
console.log("pid " + child.pid);
child.stdin.write(said);
child.stdin.flush();
for await (const chunk of child.stdout) process.stdout.write(chunk);
`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
