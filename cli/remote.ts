import type { ListedConfig } from "../src/core/configure.ts";
import { AppError, codes, type ErrorCode } from "../src/core/errors.ts";
import type { ListedAudit, ListedUsage } from "../src/core/history-listing.ts";
import type { ListedProposal } from "../src/core/interpret/suggest.ts";
import type { ListedTool } from "../src/core/listing.ts";
import type { Envelope } from "../src/core/outcome.ts";
import { isRecord } from "../src/core/parameters.ts";
import type { ListedProvider } from "../src/core/provider-listing.ts";
import type { QuotaState } from "../src/core/quota.ts";
import type { Profile } from "../src/core/user.ts";
import type { Backend } from "./backend.ts";
import { createRemoteAccounts } from "./remote-accounts.ts";
import { createRemoteApprovals } from "./remote-approvals.ts";
import { createRemoteClients } from "./remote-clients.ts";
import { createRemoteDevices } from "./remote-devices.ts";
import { createRemotePeople } from "./remote-people.ts";
import { createRemotePlaces } from "./remote-places.ts";

const defaultTimeoutMs = 40_000;

/**
 * The backend that sends the same calls to a daemon over REST.
 * @throws AppError usage for an address that is no http(s) URL
 */
export function createRemoteBackend(server: string, token: string | undefined): Backend {
  const base = baseOf(server);
  if (!token) {
    throw new AppError("unauthenticated", `No token for ${base.origin}`, {
      hint: "Set MCQUEEN_TOKEN. For a daemon on this computer: MCQUEEN_TOKEN=$(mcqueen daemon token)",
    });
  }
  const send = async (method: string, path: string, body?: unknown, options: SendOptions = {}): Promise<Envelope> => {
    const response = await reach(new URL(`api/v1/${path}`, base), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: "error",
      signal: withTimeout(options),
    });
    const parsed: unknown = await response.json().catch(() => undefined);
    if (isRecord(parsed) && typeof parsed.success === "boolean") return parsed as unknown as Envelope;
    throw notLikeUs(base, response.status);
  };
  /** The named field of a success; a failure is thrown in our own words. */
  const field = async <T>(name: string, method: string, path: string, body?: unknown): Promise<T> => {
    const envelope = await send(method, path, body);
    if (envelope.success) return (envelope as unknown as Record<string, unknown>)[name] as T;
    throw errorOf(envelope);
  };
  const whole = async (method: string, path: string, body?: unknown): Promise<Record<string, unknown>> => {
    const envelope = await send(method, path, body);
    if (!envelope.success) throw errorOf(envelope);
    return envelope as unknown as Record<string, unknown>;
  };
  const tool = (id: string): string => `mcp/tools/${encodeURIComponent(id)}`;
  return {
    listTools: (all) => field<ListedTool[]>("tools", "GET", `mcp/tools${all ? "?include=all" : ""}`),
    showTool: (id) => field<ListedTool>("tool", "GET", tool(id)),
    listProviders: () => field<ListedProvider[]>("providers", "GET", "mcp/providers"),
    interpret: async (transcript) => {
      const { proposals, hint } = await whole("POST", "mcp/interpret", { transcript });
      return { proposals: proposals as ListedProposal[], ...(typeof hint === "string" ? { hint } : {}) };
    },
    execute: ({
      tool: id,
      parameters,
      confirmations,
      account,
      dryRun,
      timeoutMs = defaultTimeoutMs,
      signal,
      ...more
    }) =>
      send(
        "POST",
        `${tool(id)}/execute`,
        {
          parameters,
          ...(confirmations ? { voice_confirmations: confirmations } : {}),
          ...(account ? { account } : {}),
          ...(dryRun ? { dry_run: true } : {}),
          ...(more.idempotencyKey ? { idempotency_key: more.idempotencyKey } : {}),
          ...(more.confirmationId ? { confirmation_id: more.confirmationId } : {}),
          ...(more.waitMs ? { wait_s: Math.ceil(more.waitMs / 1000) } : {}),
        },
        { timeoutMs: timeoutMs + (more.waitMs ?? 0), signal },
      ),
    readConfig: (id) => field<ListedConfig>("data", "GET", `${tool(id)}/config`),
    changeConfig: (id, body) => field<ListedConfig>("data", "PUT", `${tool(id)}/config`, body),
    resetConfig: (id) => field<ListedConfig>("data", "DELETE", `${tool(id)}/config`),
    readProfile: () => field<Profile>("data", "GET", "profile"),
    changeProfile: (patch) => field<Profile>("data", "PATCH", "profile", patch),
    places: createRemotePlaces(field, whole),
    people: createRemotePeople(field, whole),
    devices: createRemoteDevices(field),
    approvals: createRemoteApprovals(field, whole, send),
    accounts: createRemoteAccounts(field),
    clients: createRemoteClients(field, whole),
    async history(query) {
      const { entries, next_cursor } = await whole("GET", `mcp/history${queryText({ ...query })}`);
      return { entries: entries as ListedAudit[], next_cursor: next_cursor as number | null };
    },
    async usage(since) {
      const { usage, quotas } = await whole("GET", `mcp/usage${queryText({ since })}`);
      return { usage: usage as ListedUsage[], quotas: quotas as ({ tool: string } & QuotaState)[] };
    },
  };
}

function queryText(values: Record<string, string | undefined>): string {
  const given = Object.entries(values).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return given.length > 0 ? `?${new URLSearchParams(given)}` : "";
}

interface SendOptions {
  timeoutMs?: number | undefined;
  signal?: AbortSignal | undefined;
}

function withTimeout({ timeoutMs = defaultTimeoutMs, signal }: SendOptions): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

/** Tries an address and a token. @throws AppError as every call there would */
export async function connectTo(server: string, token: string): Promise<{ server: string; user: string }> {
  const base = baseOf(server);
  const response = await reach(new URL("api/v1/auth/session", base), {
    headers: { authorization: `Bearer ${token}` },
    redirect: "error",
    signal: AbortSignal.timeout(defaultTimeoutMs),
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (!isRecord(body)) throw notLikeUs(base, response.status);
  if (body.success === false) throw errorOf(body as unknown as Envelope);
  const { user } = body;
  if (!isRecord(user)) throw notLikeUs(base, response.status);
  return { server: base.href.replace(/\/$/, ""), user: String(user.id) };
}

/** A failure's envelope as the error that it describes. */
export function errorOf(envelope: Envelope): AppError {
  if (envelope.success) throw new Error("not a failure");
  const code = envelope.error_code;
  const known: ErrorCode = code && Object.hasOwn(codes, code) ? code : "upstream_rejected";
  return new AppError(known, envelope.error, {
    ...(envelope.hint ? { hint: envelope.hint } : {}),
    metadata: envelope.metadata,
  });
}

async function reach(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    if (cause instanceof Error && cause.name === "TimeoutError") {
      throw new AppError("timeout", `${url.origin} did not answer in time`, {
        hint: "Try --timeout with more seconds.",
      });
    }
    throw new AppError("upstream_unavailable", `The daemon at ${url.origin} cannot be reached`, {
      hint: "Is it running there? On this computer: mcqueen daemon start",
      cause,
    });
  }
}

const notLikeUs = (base: URL, status: number): AppError =>
  new AppError("upstream_rejected", `${base.origin} does not answer like mcqueen (status ${status})`, {
    hint: "Check the address given by --server or MCQUEEN_SERVER.",
  });

/** @throws AppError usage for what is no address, or would show the token to others */
export function baseOf(server: string): URL {
  const url = URL.canParse(server) ? new URL(server) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new AppError("usage", `--server ${server} is not an address`, {
      hint: "Write it like: http://127.0.0.1:3001",
    });
  }
  if (url.protocol === "http:" && !/^(127(\.\d+){3}|localhost|\[::1\])$/.test(url.hostname)) {
    throw new AppError("usage", `${url.origin} would carry the token in plain text over the network`, {
      hint: "Use https, or a tunnel that ends at 127.0.0.1.",
    });
  }
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url;
}
