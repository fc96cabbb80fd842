import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { createApp } from "../../../src/app.ts";
import { binary } from "../../support/binary.ts";
import { terminal } from "../../support/client.ts";
import { createHome } from "../../support/home.ts";
import { logIn } from "../../support/people.ts";
import { bootServer } from "../../support/server.ts";
import { createLetters, echo, toyAdapter } from "../../support/toys.ts";
import { aiSdk } from "./ai-sdk.ts";
import { inspector } from "./inspector.ts";
import { mcpc } from "./mcpc.ts";
import { mcporter } from "./mcporter.ts";
import { isInstalled, withPrograms } from "./program.ts";
import { type Called, failureOf, type Reached, type Way } from "./reached.ts";

const clients: [name: string, connect: (way: Way) => Promise<Reached>][] = [
  ["inspector-older-era", (way) => inspector("legacy", way)],
  ["inspector-newer-era", (way) => inspector("modern", way)],
  ["mcporter", mcporter],
  ["mcpc", mcpc],
  ["ai-sdk", aiSdk],
];

let home: ReturnType<typeof createHome>;
let server: Awaited<ReturnType<typeof bootServer>>;
let letters: ReturnType<typeof createLetters>;
beforeAll(async () => {
  home = createHome();
  letters = createLetters();
  server = await bootServer({
    adapters: [toyAdapter(echo, letters.tool)],
    env: { RATE_LIMIT_MAX: "100000", LOGIN_RATE_MAX: "1000", APPROVAL_WAIT_S: "0" },
  });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  home[Symbol.dispose]();
});

/** A folder that is all the world to one program. */
function folderFor(name: string): string {
  const folder = join(home.path, name);
  mkdirSync(folder, { recursive: true });
  return folder;
}

const approvalIn = (called: Called): string => /approval_id "(apr_\w+)"/.exec(failureOf(called))?.[1] ?? "";

describe.skipIf(!isInstalled).each(clients)(withPrograms("%s"), (name, connect) => {
  test.each(["token", "login"] as const)(
    "over HTTP with a %s: lists, reads, waits for a person to approve a write, and tells failures",
    async (kind) => {
      const url = `${server.origin}/mcp`;
      const userId = `${name}-${kind}`;
      const session = await logIn(server, userId);
      const way = { home: folderFor(userId), url };
      const { secret: token } = await server.app.people.createToken(
        { ...terminal, userId },
        { name: "agent", writes: "ask" },
      );
      const reached = await connect(kind === "token" ? { ...way, kind, token } : { ...way, kind, session });
      try {
        expect((await reached.names()).sort()).toEqual(["echo", "letters_read", "letters_send"]);
        expect(await reached.call("echo", { text: "há 漢", times: 2 })).toEqual({ data: { said: ["há 漢", "há 漢"] } });
        const before = letters.sent.length;
        const letter = { to: "Ada", text: `from ${name} by ${kind}` };
        const asked = await reached.call("letters_send", letter);
        const approval_id = approvalIn(asked);
        expect([failureOf(asked).includes("(approval_required)"), letters.sent.length]).toEqual([true, before]);
        await server.app.approvals.approve({ ...terminal, userId }, approval_id);
        expect(await reached.call("letters_send", { ...letter, approval_id })).toEqual({
          data: { id: String(before + 1) },
        });
        expect(letters.sent.slice(before)).toEqual([letter]);
        expect(failureOf(await reached.call("echo", { times: 9 }))).toContain("Parameter times must be at most 5");
        expect(failureOf(await reached.call("nope", {}))).toMatch(/nope/);
      } finally {
        await reached.close();
      }
      const known = (await server.app.clients.list(userId)).length;
      expect(known).toBe(kind === "login" ? 1 : 0);
    },
    300_000,
  );

  test("by pipes with the binary: the same tools of the sandbox, the same rules", async () => {
    using own = createHome();
    const env = { PATH: process.env.PATH ?? "", HOME: own.path, MCQUEEN_HOME: own.path };
    const more = { VAULT_KEY: "file", APPROVAL_WAIT_S: "0" };
    const command = [await binary(), "--sandbox", "mcp"];
    const reached = await connect({
      kind: "pipes",
      home: folderFor(`${name}-pipes`),
      command,
      env: { ...env, ...more },
    });
    try {
      expect(await reached.names()).toEqual(expect.arrayContaining(["get_weather", "notes_add", "web_search"]));
      expect(await reached.call("get_weather", { location: "New York" })).toMatchObject({ data: { units: "metric" } });
      const asked = await reached.call("notes_add", { title: `from ${name}` });
      const approval_id = approvalIn(asked);
      expect(failureOf(asked)).toContain("(approval_required)");
      const app = await createApp({ settings: own.settings({}, { sandbox: true }) });
      await app.approvals.approve(terminal, approval_id);
      await app.close();
      expect(await reached.call("notes_add", { title: `from ${name}`, approval_id })).toMatchObject({
        data: { note: { title: `from ${name}` } },
      });
      expect(failureOf(await reached.call("get_weather", {}))).toContain("(invalid_parameters)");
      expect(failureOf(await reached.call("nope", {}))).toMatch(/nope/);
    } finally {
      await reached.close();
    }
  }, 300_000);
});
