import { Client, type ElicitResult, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";

export const eras = ["2025-11-25", "2026-07-28"] as const;
export type Era = (typeof eras)[number];

/** What an agent's program was asked, and what it answers. */
export interface Asked {
  message: string;
  mode: string;
  url?: string;
}

export interface AgentOptions {
  era: Era;
  /** How it answers what it is asked; absent for a program that cannot ask. */
  elicit?: (asked: Asked) => Promise<ElicitResult> | ElicitResult;
  onToolsChanged?: () => void;
  /** What its messages go by. */
  fetch?: (url: string | URL, init?: RequestInit) => Promise<Response>;
}

/** A program that says yes to everything. */
export const yes = (): ElicitResult => ({ action: "accept", content: { confirm: true } });

function makeClient({ era, elicit, onToolsChanged }: AgentOptions) {
  const asked: Asked[] = [];
  const client = new Client(
    { name: "test-agent", version: "1.0.0" },
    {
      capabilities: elicit ? { elicitation: { form: {}, url: {} } } : {},
      versionNegotiation: { mode: era === "2026-07-28" ? { pin: era } : "legacy" },
      ...(onToolsChanged
        ? { listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: () => onToolsChanged() } } }
        : {}),
    },
  );
  if (elicit) {
    client.setRequestHandler("elicitation/create", async ({ params }) => {
      const { message, mode = "form", url } = params as { message: string; mode?: string; url?: string };
      const question: Asked = { message, mode, ...(url === undefined ? {} : { url }) };
      asked.push(question);
      return elicit(question);
    });
  }
  return { client, asked };
}

/** The SDK's own client at a daemon. `await using` closes it. */
export async function connectAgent(url: string, token: string, options: AgentOptions) {
  const { client, asked } = makeClient(options);
  const transport = new StreamableHTTPClientTransport(new URL(url), {
    requestInit: { headers: { authorization: `Bearer ${token}` } },
    ...(options.fetch ? { fetch: options.fetch } : {}),
  });
  await client.connect(transport);
  return { client, asked, transport, [Symbol.asyncDispose]: () => client.close() };
}

/** The SDK's own client with a process of ours. */
export async function spawnAgent(command: string[], env: Record<string, string>, options: AgentOptions) {
  const { client, asked } = makeClient(options);
  const [first = "", ...args] = command;
  const transport = new StdioClientTransport({ command: first, args, env, stderr: "ignore" });
  await client.connect(transport);
  return { client, asked, transport, [Symbol.asyncDispose]: () => client.close() };
}

/** The texts of a result. */
export const textsOf = (result: { content?: unknown }): string[] =>
  (result.content as { type: string; text: string }[]).map(({ text }) => text);
