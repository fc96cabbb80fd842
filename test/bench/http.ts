import { join } from "node:path";
import { type Load, load } from "./load.ts";
import { installPeers, keep, type Mcqueen, type Served, serve, serveMcqueen } from "./servers.ts";

export interface Compared {
  /** What was asked, and who answered. */
  job: Job;
  server: string;
  /** Medians over the rounds; latencies too. */
  load: Load;
  /** Requests a second over those of mcqueen in the same run. */
  ratio: number;
}

interface Contender extends Served {
  request: string;
}

export interface HttpOptions {
  rounds: number;
  measureMs: number;
  /** Before the first round: compilers of all runtimes take thousands of requests to settle. */
  warmMs: number;
  connections: number;
}

export const jobs = ["list", "execute", "mcp"] as const;
export type Job = (typeof jobs)[number];

const revision = "2026-07-28";
const place = "52.52,13.41";

/** A request as the generator sends it. */
function requestOf(
  { port }: Served,
  method: string,
  path: string,
  headers: Record<string, string>,
  body?: unknown,
): string {
  const text = body === undefined ? "" : JSON.stringify(body);
  const all: Record<string, string> = {
    host: `127.0.0.1:${port}`,
    ...headers,
    ...(body === undefined ? {} : { "content-type": "application/json", "content-length": String(text.length) }),
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  return `${method} ${path} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n${text}`;
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

export const listing = (server: Served, token: string): string =>
  requestOf(server, "GET", "/api/v1/mcp/tools", bearer(token));

export const execution = (server: Served, token: string): string =>
  requestOf(server, "POST", "/api/v1/mcp/tools/get_weather/execute", bearer(token), {
    parameters: { location: place },
  });

/** A call of the newer revision, as the SDK's own client sends it. */
export const agentCall = (server: Served, token?: string): string =>
  requestOf(
    server,
    "POST",
    "/mcp",
    {
      ...(token ? bearer(token) : {}),
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": revision,
      "mcp-method": "tools/call",
      "mcp-name": "get_weather",
    },
    {
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: {
        name: "get_weather",
        arguments: { location: place },
        _meta: {
          "io.modelcontextprotocol/protocolVersion": revision,
          "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1" },
          "io.modelcontextprotocol/clientCapabilities": {},
        },
      },
    },
  );

/** Compares the daemon with the limit and with what others build, job by job, in turns. */
export async function measureHttp(
  binary: string,
  folder: string,
  chosen: readonly Job[],
  options: HttpOptions,
): Promise<Compared[]> {
  const peer = await installPeers(folder);
  const mcqueen = await serveMcqueen(binary, join(folder, "daemon"));
  const open: Served[] = [mcqueen];
  const start = async (name: string, command: string[]): Promise<Served> => {
    const served = await serve(name, command, { ...process.env, NODE_ENV: "production" });
    open.push(served);
    return served;
  };
  try {
    const kept = await sampleAnswers(mcqueen, folder);
    const bare = (job: keyof typeof kept) => start("bare Bun.serve", [process.execPath, peer("bare.ts"), kept[job]]);
    const express = async (name: string, runtime: string) => {
      const log = join(folder, `${name.replaceAll(" ", "-")}.log`);
      return start(name, [runtime, peer("express4.mjs"), kept.list, kept.forecast, log]);
    };
    const measured: Compared[] = [];
    const node = chosen.some((job) => job !== "mcp") ? await express("Express 4, Node", "node") : undefined;
    const bun = node && (await express("Express 4, Bun", process.execPath));
    for (const job of chosen) {
      const contenders: Contender[] = [];
      const add = (server: Served, request: string): void => void contenders.push({ ...server, request });
      if (job === "mcp") {
        const sdk = await start("MCP SDK, Node", ["node", peer("sdk-node.mjs"), kept.forecast]);
        add(mcqueen, agentCall(mcqueen, mcqueen.token));
        add(sdk, agentCall(sdk));
      } else {
        const build = job === "list" ? listing : execution;
        add(mcqueen, build(mcqueen, mcqueen.session));
        const limit = await bare(job === "list" ? "list" : "execute");
        add(limit, build(limit, mcqueen.session));
        for (const peerServer of [node, bun])
          if (peerServer) add(peerServer, build(peerServer, await logIn(peerServer)));
      }
      measured.push(...(await inTurns(job, contenders, options)));
    }
    return measured;
  } finally {
    await Promise.all(open.map((each) => each.stop()));
  }
}

/** What mcqueen answers, for the others to send. */
async function sampleAnswers({ port, session }: Mcqueen, folder: string) {
  const ask = async (path: string, init: RequestInit = {}): Promise<string> => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`, {
      ...init,
      headers: { ...bearer(session), ...init.headers },
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text;
  };
  const list = await ask("/api/v1/mcp/tools");
  const execute = await ask("/api/v1/mcp/tools/get_weather/execute", {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ parameters: { location: place } }),
  });
  const { data } = JSON.parse(execute) as { data: unknown };
  return {
    list: keep(folder, "list.json", list),
    execute: keep(folder, "execute.json", execute),
    forecast: keep(folder, "forecast.json", JSON.stringify(data)),
  };
}

async function logIn({ port }: Served): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ user_id: "owner", auth_token: "x" }),
  });
  return ((await response.json()) as { session_id: string }).session_id;
}

/** In turns, so that a busy moment of the machine falls on all of them alike; the median of each. */
async function inTurns(job: Job, contenders: Contender[], options: HttpOptions): Promise<Compared[]> {
  const loads = contenders.map((): Load[] => []);
  for (let round = 0; round < options.rounds; round++) {
    for (const [at, { port, pid, request }] of contenders.entries()) {
      const { connections, measureMs } = options;
      const warmMs = round === 0 ? options.warmMs : 300;
      loads[at]?.push(await load({ port, pid, request, connections, measureMs, warmMs }));
    }
  }
  const medians = loads.map(medianLoad);
  const own = medians[0]?.perSecond ?? Number.NaN;
  return medians.map((each, at) => ({
    job,
    server: contenders[at]?.name ?? "",
    load: each,
    ratio: own / each.perSecond,
  }));
}

function medianLoad(loads: Load[]): Load {
  const keys = Object.keys(loads[0] ?? {}) as (keyof Load)[];
  const middle = (key: keyof Load): number =>
    loads.map((each) => each[key]).toSorted((a, b) => a - b)[Math.floor(loads.length / 2)] ?? Number.NaN;
  return Object.fromEntries(keys.map((key) => [key, middle(key)])) as unknown as Load;
}
