import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
  SERVER_INFO_META_KEY,
} from "@modelcontextprotocol/server";
import type { App } from "../app.ts";
import { isRecord } from "../core/parameters.ts";
import { answerOf } from "./answer.ts";
import { type Asker, abilitiesIn } from "./asker.ts";
import type { Offer, Offers } from "./offer.ts";
import { type Servers, serverInfo } from "./server.ts";

const revision = "2026-07-28";
const envelope = new Set([PROTOCOL_VERSION_META_KEY, CLIENT_INFO_META_KEY, CLIENT_CAPABILITIES_META_KEY]);

/** A call that can be answered in one breath: nothing of it needs a question, a stream or a session. */
export interface PlainRead {
  id: string | number;
  offer: Offer;
  given: Record<string, unknown>;
  /** Whether the client can ask its person. */
  interactive: boolean;
}

/**
 * Recognises the commonest message, a read of the newer revision with nothing unusual about it, so that no server has to
 * be built for it. Whatever is not exactly like that is the SDK's to judge.
 */
export function plainRead(offers: Offers, request: Request, body: unknown): PlainRead | undefined {
  if (!isRecord(body) || Object.keys(body).length !== 4 || body.jsonrpc !== "2.0" || body.method !== "tools/call")
    return undefined;
  const { id, params } = body;
  if (!(typeof id === "string" || (typeof id === "number" && Number.isSafeInteger(id))) || !isRecord(params))
    return undefined;
  const { name, arguments: given = {}, _meta: meta, ...others } = params;
  if (Object.keys(others).length > 0 || typeof name !== "string" || !isRecord(given) || !isEnvelope(meta))
    return undefined;
  const header = (key: string): string => request.headers.get(key) ?? "";
  const accepted = header("accept");
  const isUsual =
    header("mcp-protocol-version") === revision &&
    header("mcp-method") === "tools/call" &&
    header("mcp-name") === name &&
    accepted.includes("application/json") &&
    accepted.includes("text/event-stream");
  const offer = isUsual ? offers.find(name) : undefined;
  if (!offer || !isPlain(offer) || "approval_id" in given) return undefined;
  return { id, offer, given, interactive: abilitiesIn(meta[CLIENT_CAPABILITIES_META_KEY]).form };
}

/** Whether an action never asks anybody for a login or a confirmation. */
const isPlain = ({ tool, action }: Offer): boolean =>
  action.effect === "read" && !action.confirmation && !tool.authService;

function isEnvelope(meta: unknown): meta is Record<string, unknown> {
  if (!isRecord(meta) || meta[PROTOCOL_VERSION_META_KEY] !== revision) return false;
  const info = meta[CLIENT_INFO_META_KEY];
  const capabilities = meta[CLIENT_CAPABILITIES_META_KEY];
  return (
    Object.keys(meta).every((key) => envelope.has(key)) &&
    isRecord(info) &&
    typeof info.name === "string" &&
    typeof info.version === "string" &&
    Object.keys(info).length === 2 &&
    isRecord(capabilities) &&
    Object.entries(capabilities).every(([name, value]) => isEmpty(value) || (name === "elicitation" && isAsking(value)))
  );
}

const isEmpty = (value: unknown): boolean => isRecord(value) && Object.keys(value).length === 0;

const isAsking = (elicitation: unknown): boolean =>
  isRecord(elicitation) &&
  Object.entries(elicitation).every(([mode, value]) => (mode === "form" || mode === "url") && isEmpty(value));

/** Runs it, and answers as a server of the SDK would. */
export async function answerPlainRead(
  app: App,
  { patience }: Pick<Servers, "patience">,
  { id, offer, given, interactive }: PlainRead,
  asker: Asker,
  signal: AbortSignal,
): Promise<Response> {
  const asked = await app.execute({
    tool: offer.tool.id,
    ...(offer.tool.actions.length > 1 ? { action: offer.action.id } : {}),
    parameters: given,
    caller: { ...asker.caller, interactive },
    signal,
  });
  // A person may have made a rule that even reading waits for them.
  const isWaiting = !asked.ok && asked.code === "approval_required";
  const outcome = isWaiting
    ? await patience.awaitApproval({ asker, signal, progress: undefined }, String(asked.metadata.approval_id))
    : asked;
  const { _meta, ...result } = answerOf(outcome, offer);
  const stamped = { ..._meta, [SERVER_INFO_META_KEY]: serverInfo };
  const answer = { jsonrpc: "2.0", id, result: { ...result, resultType: "complete", _meta: stamped } };
  return asker.respond?.(JSON.stringify(answer)) ?? Response.json(answer);
}
