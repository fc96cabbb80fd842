import { listIn, textIn, under } from "../../core/answer.ts";
import { authRequired } from "../../core/auth-required.ts";
import { type Withhold, withholding } from "../../core/conceal.ts";
import type { Connection } from "../../core/connection.ts";
import { AppError } from "../../core/errors.ts";
import type { UpstreamAnswer } from "../../core/http-client.ts";
import { printable } from "../../core/parameters.ts";
import type { ToolContext } from "../../core/tool.ts";

export const provider = "LinkedIn";
const service = "linkedin";

interface Asked {
  path: string;
  /** Makes it a write, which goes out once. */
  body?: unknown;
  headers?: Record<string, string>;
  /** The scope that a refusal is about. */
  scope: string;
  /** What a person wrote in it, which no refusal repeats. */
  written?: readonly string[];
}

/** @throws AppError as the client does; auth_required, conflict and others as LinkedIn's refusals are read */
export async function askLinkedin(context: ToolContext, asked: Asked): Promise<UpstreamAnswer> {
  const { connection } = context;
  if (!connection) throw new Error("linkedin_personal was run without a connection");
  const token = await connection.accessToken();
  try {
    return await send(context, token, asked, connection);
  } catch (error) {
    if (!(error instanceof AppError) || error.metadata.upstream_status !== 401) throw error;
    return send(context, await connection.accessToken({ renew: true }), asked, connection);
  }
}

const send = (
  { http, config, signal }: ToolContext,
  token: string,
  { path, body, headers, scope, written = [] }: Asked,
  { account }: Connection,
): Promise<UpstreamAnswer> =>
  http.json({
    provider,
    url: under(config.LINKEDIN_BASE_URL ?? "https://api.linkedin.com", path),
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${token}`, ...headers },
    ...(body === undefined ? {} : { body, mayBeEmpty: true }),
    signal,
    accept: (status) => status >= 400 && status < 500 && status !== 429,
    refusal: (status, json) =>
      status >= 400
        ? refusedByLinkedin(status, json, {
            ...{ scope, account, version: config.LINKEDIN_VERSION ?? "" },
            withhold: withholding([token, ...written]),
          })
        : undefined,
  });

interface AboutCall {
  scope: string;
  account: string;
  version: string;
  /** For words of LinkedIn's that may repeat what was sent. */
  withhold: Withhold;
}

/** A refusal in our codes, with LinkedIn's own words. */
export function refusedByLinkedin(
  status: number,
  json: unknown,
  { scope, account, version, withhold }: AboutCall,
): AppError {
  const shown = (text: string): string => printable(withhold(text));
  const [code, said] = [textIn(json, "code"), shown(textIn(json, "message") ?? `status ${status}`)];
  const details = inputErrors(json).map(shown);
  const metadata = {
    provider,
    upstream_status: status,
    ...(code === undefined ? {} : { linkedin_code: shown(code) }),
  };
  if (status === 401 || status === 403) {
    const refused =
      status === 401
        ? authRequired({ service, reason: "ended", account, causes: [`LinkedIn says: ${said}`] })
        : authRequired({ service, reason: "missing_scopes", account, missingScopes: [scope] });
    return new AppError("auth_required", refused.message, {
      hint: `${status === 403 ? `The app may lack the product that gives ${scope}: see its page Products.\n` : ""}${refused.hint ?? ""}`,
      metadata: { ...refused.metadata, ...metadata },
    });
  }
  if (details.includes("DUPLICATE_POST")) {
    const urn = /urn:li:(share|ugcPost):\d+/.exec(textIn(json, "message") ?? "")?.[0];
    return new AppError("conflict", "You have posted exactly this already", {
      hint: `${urn ? `It is at ${postUrl(urn)}.\n` : ""}Change the text to post it again.`,
      metadata: { ...metadata, ...(urn ? { post_id: urn } : {}) },
    });
  }
  if (status === 426) {
    return new AppError("not_configured", `LinkedIn has retired the version ${version} of its API`, {
      hint: "Run: mcqueen settings set LINKEDIN_VERSION <year and month of a newer one, such as 202701>",
      metadata,
    });
  }
  return new AppError(
    "upstream_rejected",
    `LinkedIn refuses: ${said}${details.length > 0 ? ` (${details.join(", ")})` : ""}`,
    {
      hint: "The request did not please LinkedIn. Try another text or url.",
      metadata,
    },
  );
}

function inputErrors(json: unknown): string[] {
  const details = typeof json === "object" && json !== null && "errorDetails" in json ? json.errorDetails : undefined;
  return (listIn(details, "inputErrors") ?? []).flatMap((each) => textIn(each, "code") ?? []);
}

/** Where a post is seen. */
export const postUrl = (urn: string): string => `https://www.linkedin.com/feed/update/${urn}/`;
