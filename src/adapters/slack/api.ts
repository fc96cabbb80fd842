import { notUnderstood, under } from "../../core/answer.ts";
import { withholding } from "../../core/conceal.ts";
import type { Connection } from "../../core/connection.ts";
import { AppError } from "../../core/errors.ts";
import type { UpstreamAnswer } from "../../core/http-client.ts";
import { isRecord } from "../../core/parameters.ts";
import { hashSecret } from "../../core/secret.ts";
import type { ToolContext } from "../../core/tool.ts";
import { isTokenRefusal, refusedBySlack } from "./refusals.ts";

export const provider = "Slack";

type Values = Record<string, string | number | boolean | undefined>;

export interface AskOptions {
  /** Keep the answer so many seconds, for this token alone. */
  cache?: number;
  /** Ask Slack although an answer may be kept. */
  renew?: boolean;
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
export const askSlack = async (
  context: ToolContext,
  method: string,
  values: Values,
  options: AskOptions = {},
): Promise<Record<string, unknown>> => (await askSlackOrCache(context, method, values, options)).json;

/** The same, with whether the cache answered. */
export async function askSlackOrCache(
  context: ToolContext,
  method: string,
  values: Values,
  options: AskOptions,
): Promise<Pick<UpstreamAnswer, "cached"> & { json: Record<string, unknown> }> {
  const connection = connectionOf(context);
  const token = await connection.accessToken();
  const sendWith = async (bearer: string) => {
    const { json, cached } = await send(context, connection, bearer, method, values, options);
    if (!isRecord(json)) throw notUnderstood(provider);
    return { json, cached };
  };
  try {
    return await sendWith(token);
  } catch (error) {
    if (!(error instanceof AppError) || !isTokenRefusal(error)) throw error;
    return sendWith(await connection.accessToken({ renew: true }));
  }
}

function send(
  { http, config, signal }: ToolContext,
  connection: Connection,
  token: string,
  method: string,
  values: Values,
  { cache, renew, write, paceKey }: AskOptions,
): Promise<UpstreamAnswer> {
  const pace = paces[method];
  const given = Object.entries(values).filter(
    (pair): pair is [string, string | number | boolean] => pair[1] !== undefined,
  );
  return http.json({
    provider,
    url: under(config.SLACK_BASE_URL ?? "https://slack.com", `/api/${method}`),
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    form: Object.fromEntries(given.map(([name, value]) => [name, String(value)])),
    idempotent: write !== true,
    deadlineMs: 20_000,
    signal,
    ...(pace === undefined ? {} : { pace: { ...pace, key: `Slack ${method}${paceKey ? ` ${paceKey}` : ""}` } }),
    ...(cache === undefined ? {} : { cache, renew: renew === true, audience: hashSecret(token) }),
    refusal: (_status, answer, headers) =>
      refusedBySlack(
        answer,
        headers,
        connection.isInstallation === true,
        withholding([token, ...(typeof values.text === "string" ? [values.text] : [])]),
      ),
  });
}
