import { isRecord } from "../core/parameters.ts";
import { createEventReader } from "./event-reader.ts";
import { linesOf } from "./lines.ts";

export interface BridgeOptions {
  /** The protocol's address at a daemon elsewhere. */
  url: string;
  token: string;
  input: AsyncIterable<Uint8Array | string>;
  write(line: string): void;
  onError(error: unknown): void;
}

type Message = Record<string, unknown>;

const versionKey = "io.modelcontextprotocol/protocolVersion";

/**
 * Carries messages between a client on stdio and a daemon elsewhere, one line and one request each, in both eras.
 * Gives when the client is gone and everything in flight has ended.
 */
export async function bridge({ url, token, input, write, onError }: BridgeOptions): Promise<void> {
  const inFlight = new Map<unknown, AbortController>();
  const pending = new Set<Promise<void>>();
  let session: string | undefined;
  let version: string | undefined;
  let isModern = false;
  let hello: Message | undefined;
  let renewing: Promise<void> | undefined;
  let listening: AbortController | undefined;

  const headersFor = (message: Message | undefined): Record<string, string> => {
    const params = isRecord(message?.params) ? message.params : {};
    const meta = isRecord(params._meta) ? params._meta : {};
    const claimed = meta[versionKey];
    const name = params.name ?? params.uri;
    return {
      authorization: `Bearer ${token}`,
      accept: "application/json, text/event-stream",
      ...(message ? { "content-type": "application/json" } : {}),
      ...(typeof claimed === "string"
        ? {
            "mcp-protocol-version": claimed,
            "mcp-method": String(message?.method),
            ...(typeof name === "string" ? { "mcp-name": headerText(name) } : {}),
          }
        : version !== undefined
          ? { "mcp-protocol-version": version }
          : {}),
      ...(session === undefined ? {} : { "mcp-session-id": session }),
    };
  };
  const take = (text: string, asked?: Message): void => {
    if (text.trim() === "") return;
    const message = JSON.parse(text) as Message;
    const result = isRecord(message.result) ? message.result : undefined;
    if (asked?.method === "initialize" && message.id === asked.id && typeof result?.protocolVersion === "string")
      version = result.protocolVersion;
    write(`${JSON.stringify(message)}\n`);
  };
  const read = async (response: Response, asked?: Message): Promise<void> => {
    const type = response.headers.get("content-type") ?? "";
    if (!type.startsWith("text/event-stream")) return take(await response.text(), asked);
    const events = createEventReader((data) => take(data, asked));
    for await (const chunk of response.body ?? []) events.push(chunk as Uint8Array);
  };
  const post = (message: Message, signal?: AbortSignal): Promise<Response> =>
    fetch(url, {
      method: "POST",
      headers: headersFor(message),
      body: JSON.stringify(message),
      redirect: "error",
      ...(signal ? { signal } : {}),
    });
  /** A daemon that was started anew knows no session of before, and who speaks to us by pipes cannot begin another. */
  const renew = async (first: Message): Promise<void> => {
    session = undefined;
    const response = await post(first);
    if (!response.ok) throw new Error(await sentenceOf(response));
    session = response.headers.get("mcp-session-id") ?? undefined;
    await response.text();
    await (await post({ jsonrpc: "2.0", method: "notifications/initialized" })).body?.cancel();
    keep(listen());
  };
  const sendIn = async (message: Message, signal: AbortSignal): Promise<Response> => {
    await renewing;
    const used = session;
    const response = await post(message, signal);
    if (response.status !== 404 || used === undefined || !hello) return response;
    await response.body?.cancel();
    if (session === used) {
      renewing ??= renew(hello).finally(() => {
        renewing = undefined;
      });
    }
    await renewing;
    return post(message, signal);
  };
  const send = async (message: Message): Promise<void> => {
    const abort = new AbortController();
    const isRequest = message.id !== undefined && typeof message.method === "string";
    if (message.method === "initialize") hello = message;
    if (isRequest) inFlight.set(message.id, abort);
    try {
      const response = await sendIn(message, abort.signal);
      session = response.headers.get("mcp-session-id") ?? session;
      if (isRequest && !(await isProtocol(response))) throw new Error(await sentenceOf(response));
      if (isRequest) await read(response, message);
      else await response.body?.cancel();
      if (message.method === "notifications/initialized") keep(listen());
    } catch (error) {
      if (abort.signal.aborted) return;
      onError(error);
      const text = error instanceof Error ? error.message : "The daemon cannot be reached";
      if (isRequest)
        write(`${JSON.stringify({ jsonrpc: "2.0", id: message.id, error: { code: -32000, message: text } })}\n`);
    } finally {
      if (isRequest) inFlight.delete(message.id);
    }
  };
  /** What a daemon says without being asked, in a session. */
  const listen = async (): Promise<void> => {
    if (session === undefined) return;
    const abort = new AbortController();
    // A new session has a stream of its own; the old one's is over.
    listening?.abort();
    listening = abort;
    inFlight.set(abort, abort);
    try {
      const response = await fetch(url, { headers: headersFor(undefined), redirect: "error", signal: abort.signal });
      if (response.ok) await read(response);
    } catch (error) {
      if (!abort.signal.aborted) onError(error);
    } finally {
      inFlight.delete(abort);
    }
  };
  const keep = (work: Promise<void>): void => {
    pending.add(work);
    void work.finally(() => pending.delete(work));
  };

  for await (const line of linesOf(input)) {
    if (line.trim() === "") continue;
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      write('{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"Parse error"}}\n');
      continue;
    }
    if (!isRecord(message)) continue;
    isModern ||= isRecord(message.params) && isRecord(message.params._meta) && versionKey in message.params._meta;
    const cancelled = message.method === "notifications/cancelled" && isRecord(message.params);
    // In the newer era, whoever stops listening has cancelled.
    if (isModern && cancelled) inFlight.get((message.params as Message).requestId)?.abort();
    else if (message.method === "initialize") await send(message);
    else keep(send(message));
  }
  for (const each of inFlight.values()) each.abort();
  await Promise.all(pending);
  if (session !== undefined)
    await fetch(url, { method: "DELETE", headers: headersFor(undefined), redirect: "error" }).catch(onError);
}

/** A name as a header may carry it: what is not plain goes as base64, as the protocol says. */
const headerText = (name: string): string =>
  /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(name) && !name.startsWith("=?base64?")
    ? name
    : `=?base64?${Buffer.from(name).toString("base64")}?=`;

/** Whether an answer is the protocol's own, and not our refusal of the whole request. */
async function isProtocol(response: Response): Promise<boolean> {
  if (response.ok) return true;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  return isRecord(body) && body.jsonrpc === "2.0";
}

async function sentenceOf(response: Response): Promise<string> {
  const body: unknown = await response.json().catch(() => undefined);
  return isRecord(body) && typeof body.error === "string" ? body.error : `The daemon answers ${response.status}`;
}
