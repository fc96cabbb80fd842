import { under } from "../../core/answer.ts";
import { withholding } from "../../core/conceal.ts";
import type { Connection } from "../../core/connection.ts";
import { AppError } from "../../core/errors.ts";
import type { OwnMessages } from "../../core/message.ts";
import type { ToolContext } from "../../core/tool.ts";
import { isTokenRefusal, refusedByWhatsapp } from "./refusals.ts";

export const provider = "WhatsApp";

/** What every action needs: the login, the store of messages, and the number that is ours. */
export interface Line {
  connection: Connection;
  messages: OwnMessages;
  /** Meta's id of our number. */
  phoneNumberId: string;
}

/** @throws AppError not_configured without a number */
export function lineOf({ connection, messages, config }: ToolContext): Line {
  if (!connection || !messages) throw new Error("whatsapp_personal was run without its connection or its messages");
  const phoneNumberId = connection.subject ?? config.WHATSAPP_PHONE_NUMBER_ID;
  if (phoneNumberId) return { connection, messages, phoneNumberId };
  throw new AppError("not_configured", "WhatsApp needs to know the number that is sent from", {
    hint: "Meta's console shows the Phone number ID under WhatsApp, API Setup.\nRun: mcqueen settings set WHATSAPP_PHONE_NUMBER_ID <id>",
    metadata: { provider, settings: ["WHATSAPP_PHONE_NUMBER_ID"] },
  });
}

/**
 * Posts to our number's messages, once.
 * @param written what a person wrote in it, which no refusal repeats
 * @throws AppError as the client does, and as `refusals.ts` reads Meta's
 */
export async function postMessage(
  context: ToolContext,
  line: Line,
  body: Record<string, unknown>,
  written: readonly string[],
): Promise<unknown> {
  const token = await line.connection.accessToken();
  try {
    return await post(context, line, token, body, written);
  } catch (error) {
    if (!(error instanceof AppError) || !isTokenRefusal(error)) throw error;
    return post(context, line, await line.connection.accessToken({ renew: true }), body, written);
  }
}

async function post(
  { http, config, signal }: ToolContext,
  { phoneNumberId }: Line,
  token: string,
  body: Record<string, unknown>,
  written: readonly string[],
): Promise<unknown> {
  const { json } = await http.json({
    provider,
    url: under(
      config.WHATSAPP_BASE_URL ?? "https://graph.facebook.com",
      `/${config.WHATSAPP_API_VERSION ?? "v24.0"}/${phoneNumberId}/messages`,
    ),
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body,
    signal,
    accept: (status) => status >= 400 && status < 500 && status !== 429,
    refusal: (status, json) =>
      status >= 400 ? refusedByWhatsapp(status, json, withholding([token, ...written])) : undefined,
  });
  return json;
}
