import { notUnderstood, under } from "../../core/answer.ts";
import type { Connection } from "../../core/connection.ts";
import { AppError } from "../../core/errors.ts";
import { isRecord } from "../../core/parameters.ts";
import { hashSecret } from "../../core/secret.ts";
import type { ToolContext } from "../../core/tool.ts";
import { isTokenRefusal, refusedBySlack } from "./refusals.ts";

export const provider = "Slack";

type Values = Record<string, string | number | boolean | undefined>;

export interface AskOptions {
  /** Keep the answer so many seconds, for this token alone. */
  cache?: number;
  /** A write goes out once. */
  write?: true;
  /** Narrows the pace to a part of the method, such as one channel. */
  paceKey?: string;
}

/** Slack's tiers of 20 and 50 requests a minute, never more in any minute, yet some at once after a rest. */
const twenty = { everyMs: 4_000, burst: 5 };
const fifty = { everyMs: 1_500, burst: 10 };
/** Which method is in which, and one message a second and channel. */
const paces: Record<string, { everyMs: number; burst: number }> = {
  "chat.postMessage": { everyMs: 1_000, burst: 1 },
  "conversations.list": twenty,
  "users.list": twenty,
  "search.messages": twenty,
  "conversations.history": fifty,
  "conversations.replies": fifty,
  "conversations.open": fifty,
  "users.lookupByEmail": fifty,
};

/** @throws Error where a personal tool was run without its login, which the road rules out */
function connectionOf({ connection }: ToolContext): Connection {
  if (!connection) throw new Error("slack_personal was run without a connection");
  return connection;
}

/**
 * Calls one method of Slack's Web API.
 * @param values undefined ones are left out
 * @throws AppError as the client does; auth_required, not_found, rate_limited and others as `refusals.ts` reads them
 */
export async function askSlack(
  context: ToolContext,
  method: string,
  values: Values,
  options: AskOptions = {},
): Promise<Record<string, unknown>> {
  const connection = connectionOf(context);
  const token = await connection.accessToken();
  try {
    return await send(context, connection, token, method, values, options);
  } catch (error) {
    if (!(error instanceof AppError) || !isTokenRefusal(error)) throw error;
    return send(context, connection, await connection.accessToken({ renew: true }), method, values, options);
  }
}

async function send(
  { http, config, signal }: ToolContext,
  connection: Connection,
  token: string,
  method: string,
  values: Values,
  { cache, write, paceKey }: AskOptions,
): Promise<Record<string, unknown>> {
  const pace = paces[method];
  const given = Object.entries(values).filter(
    (pair): pair is [string, string | number | boolean] => pair[1] !== undefined,
  );
  const { json } = await http.json({
    provider,
    url: under(config.SLACK_BASE_URL ?? "https://slack.com", `/api/${method}`),
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    form: Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
    idempotent: write !== true,
    deadlineMs: 20_000,
    signal,
    ...(pace === undefined ? {} : { pace: { ...pace, key: `Slack ${method}${paceKey ? ` ${paceKey}` : ""}` } }),
    ...(cache === undefined ? {} : { cache, audience: hashSecret(token) }),
    refusal: (_status, answer, headers) => refusedBySlack(answer, headers, connection.isInstallation === true),
  });
  if (!isRecord(json)) throw notUnderstood(provider);
  return json;
}
