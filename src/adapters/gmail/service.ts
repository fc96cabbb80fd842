import type { gmail_v1 } from "googleapis/build/src/apis/gmail/index.js";
import { authRequired } from "../../core/auth-required.ts";
import { AppError } from "../../core/errors.ts";
import type { ToolContext } from "../../core/tool.ts";
import { callGoogle, createGoogleFetch } from "../../google/client.ts";

export const provider = "Gmail";
const service = "gmail";

/** One person's mailbox, opened for one call. */
export interface Mailbox {
  users: gmail_v1.Resource$Users;
  /** Runs a call of the library, whose answer is what Google sent. @throws AppError */
  call(work: () => Promise<{ data: unknown }>): Promise<unknown>;
}

/** Wider limits, for those who move whole attachments. */
export interface Limits {
  deadlineMs?: number;
  mostBytes?: number;
}

export const notUnderstood = (): AppError =>
  new AppError("upstream_rejected", `${provider} answered in a form that is not understood`, {
    hint: "The service may have changed. Try again later.",
    metadata: { provider },
  });

/** Attachments of 25 MB, in base64, and what is around them. */
export const attachmentLimits: Limits = { deadlineMs: 120_000, mostBytes: 48 * 1024 * 1024 };

export async function openMailbox(context: ToolContext, limits: Limits = {}): Promise<Mailbox> {
  const { http, connection, config, signal } = context;
  if (!connection) throw authRequired({ service, reason: "not_linked" });
  const { gmail } = await import("googleapis/build/src/apis/gmail/index.js");
  const baseUrl = config.GMAIL_BASE_URL ?? "https://gmail.googleapis.com";
  const facts = { name: provider, service, baseUrl };
  const fetchImplementation = createGoogleFetch({ ...facts, http, connection, signal, ...limits });
  const { users } = gmail({ version: "v1", fetchImplementation, retry: false });
  return { users, call: (work) => callGoogle(signal, work) };
}
