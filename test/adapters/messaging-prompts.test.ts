import { describe, expect, test } from "bun:test";
import { linkedinPersonal } from "../../src/adapters/linkedin/linkedin-personal.ts";
import { slackPersonal } from "../../src/adapters/slack/slack-personal.ts";
import { whatsappPersonal } from "../../src/adapters/whatsapp/whatsapp-personal.ts";
import { checkConfirmations } from "../../src/core/confirmation.ts";
import { createVoice } from "../../src/core/voice.ts";
import { callOf } from "../support/home.ts";
import { bootServer } from "../support/server.ts";

const now = new Date("2026-11-24T12:00:00Z");
const tools = [slackPersonal, whatsappPersonal, linkedinPersonal];

async function ask(toolId: string, actionId: string, parameters: Record<string, unknown>, given = {}) {
  const action = tools.find(({ id }) => id === toolId)?.actions.find(({ id }) => id === actionId);
  if (!action) throw new Error(`no action ${actionId}`);
  return checkConfirmations(action, true, parameters, createVoice({}, now), given);
}

const to = "+447700900101";
const rows: [tool: string, action: string, parameters: Record<string, unknown>, fields: string[], prompt: string][] = [
  [
    "slack_personal",
    "send",
    { to: "#general", text: "Tea <!channel> <https://evil.example|bank>" },
    ["action", "to", "text"],
    "Send “Tea <!channel> <https://evil.example|bank>” to #general on Slack?",
  ],
  [
    "slack_personal",
    "send",
    { to: "@ada", text: "Yes", thread_ts: "1.000001" },
    ["action", "to", "text", "thread_ts"],
    "Send “Yes” to @ada on Slack, in a thread?",
  ],
  ["whatsapp_personal", "send", { to, text: "Hi" }, ["action", "to", "text"], `Send “Hi” to ${to} on WhatsApp?`],
  [
    "whatsapp_personal",
    "send",
    { to, template: "reminder", language: "de", variables: ["Ada", "noon"] },
    ["action", "to", "template", "variables"],
    `Send the WhatsApp template “reminder” in de to ${to}, with Ada and noon?`,
  ],
  ["linkedin_personal", "post", { text: "Hi" }, ["action", "text"], "Post “Hi” on LinkedIn for everyone?"],
  [
    "linkedin_personal",
    "post",
    { text: "Hi", visibility: "PUBLIC" },
    ["action", "text"],
    "Post “Hi” on LinkedIn for everyone?",
  ],
  [
    "linkedin_personal",
    "post",
    { text: "Hi", visibility: "CONNECTIONS", url: "https://evil.example/x", url_title: "The bank" },
    ["action", "text", "visibility", "url", "url_title"],
    "Post “Hi”, with a link to https://evil.example/x called “The bank”, on LinkedIn for your connections?",
  ],
];

describe("what is read back before it is sent", () => {
  test.each(rows)("%s %s %j", async (tool, action, parameters, fields, prompt) => {
    expect(await ask(tool, action, parameters)).toEqual({ fields, prompt });
  });

  test.each(rows)("%s %s %j: a yes to all of it is enough, one that leaves something out is not", async (...row) => {
    const [tool, action, parameters, fields] = row;
    const yes = Object.fromEntries(fields.map((field) => [field, true]));
    expect(await ask(tool, action, parameters, yes)).toBeUndefined();
    for (const field of fields) {
      const without = Object.fromEntries(fields.filter((each) => each !== field).map((each) => [each, true]));
      expect(await ask(tool, action, parameters, without)).toMatchObject({ fields: [field] });
    }
  });

  test.each(rows)("%s %s %j: a yes to something else is none", async (tool, action, parameters) => {
    for (const field of Object.keys(parameters)) {
      await expect(ask(tool, action, parameters, { [field]: "another" })).rejects.toMatchObject({
        code: "invalid_parameters",
        metadata: { mismatched: [field] },
      });
    }
  });
});

test("a confirmation holds for the receiver and the words that were read back, and for no others", async () => {
  await using server = await bootServer({ sandbox: true });
  const parameters = { action: "send", to: "#general", text: "Tea" };
  const asked = await server.app.execute(callOf("slack_personal", parameters));
  if (asked.ok) throw new Error("it was sent without a yes");
  expect(asked.code).toBe("confirmation_required");
  const again = (changed: object) =>
    server.app.execute(
      callOf(
        "slack_personal",
        { ...parameters, ...changed },
        {
          confirmationId: String(asked.metadata.confirmation_id),
          confirmations: { action: true, to: true, text: true },
        },
      ),
    );
  for (const changed of [{ to: "#engine-room" }, { text: "Tea?" }, { thread_ts: "1763970660.000200" }]) {
    expect(await again(changed)).toMatchObject({ ok: false, code: "conflict" });
  }
  expect(await again({})).toMatchObject({ ok: true, data: { channel_id: "C0GENERAL1" } });
});
