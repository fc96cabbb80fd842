import { isRecord } from "../../core/parameters.ts";
import type { Upstream } from "../upstream.ts";
import { type Method, type MethodCall, methods, Refusal } from "./methods.ts";
import { answerAccess, answerAuthorization } from "./oauth.ts";
import { botToken, clientId, clientSecret, findHolder, type Holder, revoke } from "./tokens.ts";
import { bot, members, team } from "./workspace.ts";

/** Slack's Web API and its login page. */
export const slack: Upstream = {
  id: "slack",
  setting: "SLACK_BASE_URL",
  defaults: { SLACK_BOT_TOKEN: botToken, SLACK_CLIENT_ID: clientId, SLACK_CLIENT_SECRET: clientSecret },
  answer(request, path, query, now, folder) {
    if (path === "/oauth/v2/authorize") return answerAuthorization(request, query, now, folder);
    if (path === "/api/oauth.v2.access") return answerAccess(request, now, folder);
    return path.startsWith("/api/")
      ? answerMethod(request, path.slice("/api/".length), now, folder)
      : new Response("Not Found", { status: 404 });
  },
  failure: (status) => ({ ok: false, error: status === 429 ? "ratelimited" : "internal_error" }),
};

const refuse = (error: string, more: Record<string, unknown> = {}, headers: Record<string, string> = {}): Response =>
  Response.json({ ok: false, error, ...more }, { headers });

/** Slack warns of JSON that does not say its charset. */
async function answerMethod(request: Request, name: string, now: Date, folder: string): Promise<Response> {
  const answer = await answerCall(request, name, now, folder);
  if (!/^application\/json$/.test(request.headers.get("content-type") ?? "")) return answer;
  const warnings = { warning: "missing_charset", response_metadata: { warnings: ["missing_charset"] } };
  return Response.json({ ...warnings, ...((await answer.json()) as object) }, { headers: answer.headers });
}

async function answerCall(request: Request, name: string, now: Date, folder: string): Promise<Response> {
  const values = await readValues(request);
  if (!values) return refuse("invalid_json");
  const token = /^Bearer (\S+)$/.exec(request.headers.get("authorization") ?? "")?.[1] ?? values.token;
  const { token: _given, ...others } = values;
  if (token === undefined) return refuse("not_authed");
  const holder = findHolder(folder, token);
  if (holder === "revoked") return refuse("token_revoked");
  if (!holder) return refuse("invalid_auth");
  const headers = { "x-oauth-scopes": holder.scopes.join(",") };
  if (name === "auth.test") return Response.json({ ok: true, ...identityOf(holder) }, { headers });
  if (name === "auth.revoke") {
    revoke(folder, token);
    return Response.json({ ok: true, revoked: true }, { headers });
  }
  const method = Object.hasOwn(methods, name) ? methods[name] : undefined;
  if (!method) return refuse("unknown_method", { req_method: name });
  const call: MethodCall = { folder, now, holder, values: others };
  const fault = faultOf(method, call);
  if (fault) return refuse(fault.word, fault.more, headers);
  try {
    return Response.json({ ok: true, ...method.run(call) }, { headers });
  } catch (error) {
    if (error instanceof Refusal) return refuse(error.word, error.more, headers);
    throw error;
  }
}

/** Arguments as a form, in the address or as JSON, as Slack takes them. Undefined for JSON that is none. */
async function readValues(request: Request): Promise<Record<string, string> | undefined> {
  const query = Object.fromEntries(new URL(request.url).searchParams);
  const text = await request.text();
  if (!request.headers.get("content-type")?.includes("json"))
    return { ...query, ...Object.fromEntries(new URLSearchParams(text)) };
  try {
    const json: unknown = JSON.parse(text);
    if (!isRecord(json)) return undefined;
    return { ...query, ...Object.fromEntries(Object.entries(json).map(([name, value]) => [name, String(value)])) };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function faultOf(method: Method, call: MethodCall): Refusal | undefined {
  const { holder, values } = call;
  const taken = method.takes.split(" ");
  if (method.personOnly && holder.isBot) return new Refusal("not_allowed_token_type");
  const unknown = Object.keys(values).find((name) => !taken.some((each) => each.replace("*", "") === name));
  const missing = taken.find((each) => each.endsWith("*") && !values[each.slice(0, -1)]);
  if (unknown) return invalid(`[ERROR] no such argument [json-pointer:/${unknown}]`);
  if (missing === "text*") return new Refusal("no_text");
  if (missing) return invalid(`[ERROR] missing required field: ${missing.slice(0, -1)}`);
  const needed = (method.scope?.(call) ?? []).filter((scope) => !holder.scopes.includes(scope));
  return needed.length > 0
    ? new Refusal("missing_scope", { needed: needed.join(","), provided: holder.scopes.join(",") })
    : undefined;
}

const invalid = (message: string): Refusal =>
  new Refusal("invalid_arguments", { response_metadata: { messages: [message] } });

const identityOf = ({ userId, isBot }: Holder): Record<string, unknown> => ({
  url: `https://${team.domain}.slack.com/`,
  team: team.name,
  user: members.find(({ id }) => id === userId)?.name ?? "",
  team_id: team.id,
  user_id: userId,
  ...(isBot ? { bot_id: bot.botId } : {}),
  is_enterprise_install: false,
});
