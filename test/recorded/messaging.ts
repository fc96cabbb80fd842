import { refusedByLinkedin } from "../../src/adapters/linkedin/api.ts";
import { parseProfile } from "../../src/adapters/linkedin/profile.ts";
import { parseChannels } from "../../src/adapters/slack/directory.ts";
import { parseMessages } from "../../src/adapters/slack/messages.ts";
import { refusedBySlack } from "../../src/adapters/slack/refusals.ts";
import { readDelivery } from "../../src/adapters/whatsapp/deliveries.ts";
import { failureOf, refusedByWhatsapp } from "../../src/adapters/whatsapp/refusals.ts";
import { readSlackAnswer } from "../../src/oauth/slack.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { apiToken, phoneNumberId } from "../../src/sandbox/whatsapp/phones.ts";
import { linkedinScopes, linkedinToken, slackToken } from "../support/messaging.ts";
import { must, type RecordedAdapter } from "./adapter.ts";

const field = (json: unknown, name: string): unknown => (json as Record<string, unknown>)[name];

const slackRefusal = (code: string) => (json: unknown) => {
  const error = refusedBySlack(json, new Headers(), false);
  must(error?.code === code, `${error?.code}`);
  return `${error?.code}: ${error?.message}`;
};
const slackMessages = (most: number) => (json: unknown) => {
  const list = Array.isArray(json) ? json : (field(json, "messages") as unknown[]);
  const messages = parseMessages(list, new Map());
  must(
    messages.length === most && messages.every(({ text, at }) => text !== "" && at > "2010"),
    JSON.stringify(messages),
  );
  return `${messages.length} messages, first “${messages[0]?.text}” at ${messages[0]?.at}`;
};
const slackChannels = (least: number) => (json: unknown) => {
  must(refusedBySlack(json, new Headers(), false) === undefined, "it is no refusal");
  const channels = parseChannels(json);
  must(channels.length >= least && channels.every(({ id, name }) => id !== "" && name !== ""), `${channels.length}`);
  return `${channels.length} channels`;
};

const asBot = async (
  sandbox: Sandbox,
  method: string,
  values: Record<string, string>,
  token = sandbox.baseUrls.SLACK_BOT_TOKEN,
) =>
  (
    await fetch(`${sandbox.baseUrls.SLACK_BASE_URL}/api/${method}`, {
      method: "POST",
      body: new URLSearchParams(values),
      headers: token === "" ? {} : { authorization: `Bearer ${token}` },
    })
  ).json();

export const slack: RecordedAdapter = {
  name: "slack",
  folders: ["slack"],
  files: {
    "slack/auth_test_ok.json": (json) => {
      must(refusedBySlack(json, new Headers(), false) === undefined, "it is no refusal");
      return `${field(json, "user")} of ${field(json, "team")}`;
    },
    "slack/auth_test_not_authed.json": slackRefusal("auth_required"),
    "slack/chat_postmessage_ok.json": (json) => {
      must(typeof field(json, "ts") === "string" && field(json, "channel") === "C1H9RESGL", JSON.stringify(json));
      return `sent as ${field(json, "ts")}`;
    },
    "slack/conversations_history_two_messages_cursor.json": slackMessages(2),
    "slack/conversations_replies_thread.json": slackMessages(4),
    "slack/messages_rich_text_and_thread_parent.json": slackMessages(2),
    "slack/conversations_list_page1_cursor.json": slackChannels(50),
    "slack/conversations_list_page2_last.json": slackChannels(5),
    "slack/conversations_list_mpim.json": (json) => {
      must(parseChannels(json).length === 0, "a group conversation is no channel");
      return "no channel";
    },
    "slack/error_channel_not_found.json": slackRefusal("not_found"),
    "slack/error_invalid_arguments_messages.json": slackRefusal("upstream_rejected"),
    "slack/error_missing_scope.json": slackRefusal("auth_required"),
    "slack/oauth_v2_access_bot_and_user_token.json": (json) => {
      const read = readSlackAnswer(json) as Record<string, unknown>;
      must(read.access_token === "TOKEN_P" && read.scope === "im:history", JSON.stringify(read));
      return "the person's token, not the bot's";
    },
  },
  standIns: [
    { files: ["slack/auth_test_ok.json"], ask: (sandbox) => asBot(sandbox, "auth.test", {}) },
    { files: ["slack/auth_test_not_authed.json"], exact: true, ask: (sandbox) => asBot(sandbox, "auth.test", {}, "") },
    {
      files: ["slack/error_channel_not_found.json"],
      exact: true,
      ask: (sandbox) => asBot(sandbox, "conversations.history", { channel: "C0NOWHERE1" }),
    },
    {
      files: ["slack/conversations_list_page1_cursor.json", "slack/conversations_list_page2_last.json"],
      ask: (sandbox) => asBot(sandbox, "conversations.list", { limit: "2" }),
    },
    {
      files: ["slack/conversations_history_two_messages_cursor.json"],
      documented: [".messages[].thread_ts", ".messages[].reply_count", ".messages[].latest_reply"],
      ask: (sandbox) => asBot(sandbox, "conversations.history", { channel: "C0GENERAL1", limit: "2" }),
    },
    {
      files: ["slack/conversations_replies_thread.json"],
      documented: [".messages[].latest_reply"],
      ask: (sandbox) =>
        asBot(sandbox, "conversations.replies", { channel: "C0GENERAL1", ts: "1763970660.000200", limit: "2" }),
    },
    {
      files: ["slack/error_missing_scope.json"],
      ask: async (sandbox) => {
        const headers = {
          authorization: `Bearer ${await slackToken(sandbox, "ada", "users:read")}`,
          "content-type": "application/json",
        };
        const body = JSON.stringify({ channel: "C0GENERAL1", text: "x" });
        return (
          await fetch(`${sandbox.baseUrls.SLACK_BASE_URL}/api/chat.postMessage`, { method: "POST", headers, body })
        ).json();
      },
    },
  ],
};

const delivery = (received: number, reports: number) => (json: unknown) => {
  const news = readDelivery(json, new Date());
  must(news.received.length === received && news.reports.length === reports, JSON.stringify(news));
  const [message] = news.received;
  const [report] = news.reports;
  return message
    ? `${message.kind} from ${message.contactName}: ${message.text ?? ""}`
    : `${report?.status} ${report?.failure ?? ""}`;
};
const whatsappRefusal = (status: number, code: string) => (json: unknown) => {
  const error = refusedByWhatsapp(status, json);
  must(error.code === code, error.code);
  return `${error.code}: ${error.message}`;
};
const postAsBusiness = async (sandbox: Sandbox, to: string, token = apiToken) =>
  (
    await fetch(`${sandbox.baseUrls.WHATSAPP_BASE_URL}/v24.0/${phoneNumberId}/messages`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({
        messaging_product: "whatsapp",
        to,
        type: "template",
        template: { name: "hello_world", language: { code: "en_US" } },
      }),
    })
  ).json();

export const whatsapp: RecordedAdapter = {
  name: "whatsapp",
  folders: ["whatsapp"],
  files: {
    "whatsapp/error_131030_not_in_allowed_list.json": whatsappRefusal(400, "forbidden"),
    "whatsapp/error_190_session_expired.json": whatsappRefusal(401, "auth_required"),
    "whatsapp/errors_array_131047.json": (json) => {
      const said = failureOf((json as unknown[])[0]);
      must(said.includes("24 hours"), said);
      return said;
    },
    "whatsapp/messages_send_ok_accepted.json": (json) => {
      const [message] = field(json, "messages") as { id: string }[];
      must(message?.id.startsWith("wamid.") === true, JSON.stringify(json));
      return `${message?.id}`;
    },
    "whatsapp/webhook_message_document_forwarded.json": delivery(1, 0),
    "whatsapp/webhook_message_image_media_id.json": delivery(1, 0),
    "whatsapp/webhook_message_media_with_url.json": delivery(1, 0),
    "whatsapp/webhook_message_reaction.json": delivery(1, 0),
    "whatsapp/webhook_message_text.json": delivery(1, 0),
    "whatsapp/webhook_message_text_reply_context.json": delivery(1, 0),
    "whatsapp/webhook_message_unsupported_error_131051.json": delivery(1, 0),
    "whatsapp/webhook_message_voice.json": delivery(1, 0),
    "whatsapp/webhook_status_delivered.json": delivery(0, 1),
    "whatsapp/webhook_status_failed_130472.json": delivery(0, 1),
    "whatsapp/webhook_status_failed_131026.json": delivery(0, 1),
    "whatsapp/webhook_status_read.json": delivery(0, 1),
    "whatsapp/webhook_status_sent.json": delivery(0, 1),
  },
  standIns: [
    { files: ["whatsapp/messages_send_ok_accepted.json"], ask: (sandbox) => postAsBusiness(sandbox, "+447700900101") },
    {
      files: ["whatsapp/error_131030_not_in_allowed_list.json"],
      ask: (sandbox) => postAsBusiness(sandbox, "+4915100000000"),
    },
    {
      files: ["whatsapp/error_190_session_expired.json"],
      ask: (sandbox) => postAsBusiness(sandbox, "+447700900101", "EAAgone"),
    },
  ],
};

const linkedinRefusal = (status: number, code: string) => (json: unknown) => {
  const error = refusedByLinkedin(status, json, {
    scope: "openid",
    account: "default",
    version: "202402",
    withhold: String,
  });
  must(error.code === code, error.code);
  return `${error.code}: ${error.message}`;
};
const post = async (sandbox: Sandbox, token: string, version = "202610") => {
  const { sub } = (await userinfo(sandbox, token)) as { sub: string };
  const answer = await fetch(`${sandbox.baseUrls.LINKEDIN_BASE_URL}/rest/posts`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "linkedin-version": version,
      "x-restli-protocol-version": "2.0.0",
      "content-type": "application/json",
    },
    body: JSON.stringify({
      author: `urn:li:person:${sub}`,
      commentary: "The same again",
      visibility: "PUBLIC",
      distribution: { feedDistribution: "MAIN_FEED", targetEntities: [], thirdPartyDistributionChannels: [] },
      lifecycleState: "PUBLISHED",
    }),
  });
  return answer.status === 201 ? {} : answer.json();
};
const userinfo = async (sandbox: Sandbox, token: string): Promise<unknown> =>
  (
    await fetch(`${sandbox.baseUrls.LINKEDIN_BASE_URL}/v2/userinfo`, { headers: { authorization: `Bearer ${token}` } })
  ).json();

export const linkedin: RecordedAdapter = {
  name: "linkedin",
  folders: ["linkedin"],
  files: {
    "linkedin/error_400_param_invalid.json": linkedinRefusal(400, "upstream_rejected"),
    "linkedin/error_401_expired_access_token.json": linkedinRefusal(401, "auth_required"),
    "linkedin/error_401_revoked_access_token.json": linkedinRefusal(401, "auth_required"),
    "linkedin/error_403_documented.json": linkedinRefusal(403, "auth_required"),
    "linkedin/error_403_me_not_enough_permissions.json": linkedinRefusal(403, "auth_required"),
    "linkedin/error_403_userinfo_not_enough_permissions.json": linkedinRefusal(403, "auth_required"),
    "linkedin/error_422_duplicate_post.json": linkedinRefusal(422, "conflict"),
    "linkedin/error_426_nonexistent_version.json": linkedinRefusal(426, "not_configured"),
    "linkedin/userinfo_documented_locale_string.json": (json) => {
      const profile = parseProfile(json);
      must(profile.locale === "en-US" && profile.name === "John Doe", JSON.stringify(profile));
      return `${profile.name}, ${profile.locale}`;
    },
  },
  standIns: [
    {
      files: ["linkedin/userinfo_documented_locale_string.json"],
      // Recorded elsewhere as an object, and sent like that.
      ask: async (sandbox) => {
        const { locale, ...rest } = (await userinfo(sandbox, await linkedinToken(sandbox, linkedinScopes))) as Record<
          string,
          unknown
        >;
        must(typeof locale === "object", "the locale is an object");
        return { ...rest, locale: "en-GB" };
      },
    },
    {
      files: ["linkedin/error_403_userinfo_not_enough_permissions.json"],
      exact: true,
      ask: async (sandbox) => userinfo(sandbox, await linkedinToken(sandbox, ["w_member_social"])),
    },
    {
      files: ["linkedin/error_401_revoked_access_token.json"],
      exact: true,
      ask: async (sandbox) => {
        const token = await linkedinToken(sandbox, linkedinScopes, "gr4ceH0pp3");
        const url = `${sandbox.baseUrls.LINKEDIN_OAUTH_BASE_URL}/developers/tools/oauth/token-generator`;
        await fetch(url, { method: "POST", body: new URLSearchParams({ account: "gr4ceH0pp3", revoke: "yes" }) });
        return userinfo(sandbox, token);
      },
    },
    {
      files: ["linkedin/error_422_duplicate_post.json"],
      ask: async (sandbox) => {
        const token = await linkedinToken(sandbox, linkedinScopes);
        await post(sandbox, token);
        return post(sandbox, token);
      },
    },
    {
      files: ["linkedin/error_426_nonexistent_version.json"],
      exact: true,
      ask: async (sandbox) => post(sandbox, await linkedinToken(sandbox, linkedinScopes), "202402"),
    },
  ],
};
