import { afterAll, beforeAll, expect, test } from "bun:test";
import { createEmulator, type Emulator } from "emulate";
import { slack } from "../../../src/adapters/slack/adapter.ts";
import type { Sandbox } from "../../../src/sandbox/server.ts";
import { connectionWith, createRunner, startOwnSandbox } from "../../support/messaging.ts";

/** It stops the process when a port is taken, so it gets one that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response() });
  const { port } = server;
  await server.stop(true);
  return Number(port);
}

let sandbox: Sandbox;
let emulator: Emulator;
let run: ReturnType<typeof createRunner>["run"];
beforeAll(async () => {
  sandbox = await startOwnSandbox();
  emulator = await createEmulator({
    service: "slack",
    port: await freePort(),
    seed: {
      tokens: { "xoxb-second-opinion": { login: "ada" } },
      slack: {
        users: [{ name: "ada", real_name: "Ada Lovelace", email: "ada.lovelace@example.com" }],
        channels: [{ name: "general" }],
      },
    },
  });
  ({ run } = createRunner(slack, sandbox, "", {
    config: { SLACK_BASE_URL: emulator.url },
    connection: connectionWith("xoxb-second-opinion"),
  }));
});
afterAll(async () => {
  await emulator.close();
  await sandbox.stop();
});

/** The same calls to somebody else's emulator of Slack, which takes ids of channels only and looks at no scopes. */
test("somebody else's emulator of Slack understands what we send, and we what it answers", async () => {
  const { data: listed } = await run("list_channels");
  const general = (listed.channels as { id: string; name: string }[]).find(({ name }) => name === "general");
  expect(general?.id).toMatch(/^C/);
  const { data: sent } = await run("send", { to: "#general", text: "Tea & <cake>" });
  expect(sent.channel_id).toBe(general?.id as string);
  await run("send", { to: general?.id, text: "In the thread", thread_ts: sent.ts });
  const { data: read } = await run("read", { channel: "#general" });
  expect(read.messages).toMatchObject([{ text: "Tea & <cake>", ts: sent.ts }]);
  const { data: thread } = await run("read", { channel: "#general", thread_ts: sent.ts });
  expect((thread.messages as { text: string }[]).map(({ text }) => text)).toEqual(["Tea & <cake>", "In the thread"]);
  await expect(run("send", { to: "C00NOWHERE", text: "x" })).rejects.toMatchObject({ code: "not_found" });
});
