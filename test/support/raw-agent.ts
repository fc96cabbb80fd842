import { connect, type Socket } from "node:net";

const accept = "application/json, text/event-stream";
const meta = (elicits: boolean) => ({
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1" },
  "io.modelcontextprotocol/clientCapabilities": elicits ? { elicitation: { form: {} } } : {},
});

/** The headers and the body of a tools/call in the newer era, with whatever else belongs to its parameters. */
export function modernCall(name: string, given: unknown, more: Record<string, unknown> = {}, elicits = true) {
  const { _meta, ...params } = more;
  return {
    headers: { accept, "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": name },
    body: {
      jsonrpc: "2.0",
      id: 1,
      method: "tools/call",
      params: { name, arguments: given, _meta: { ...meta(elicits), ...(_meta as object) }, ...params },
    },
  };
}

/** A client by bytes alone, which can die at any moment. */
export interface RawAgent {
  /** Sends one request, and gives all that came once the pattern is in it. */
  send(method: string, headers: Record<string, string>, body: unknown, until: RegExp): Promise<string>;
  /** Resets the connection, as the system does for a process that was killed. */
  kill(): void;
}

export function rawAgent(port: number, token: string): RawAgent {
  const socket: Socket = connect({ host: "127.0.0.1", port });
  let received = "";
  let look = (): void => undefined;
  socket.on("data", (chunk) => {
    received += chunk.toString("latin1");
    look();
  });
  socket.on("error", () => undefined);
  return {
    send(method, headers, body, until) {
      const text = body === undefined ? "" : JSON.stringify(body);
      const all: Record<string, string> = {
        host: `127.0.0.1:${port}`,
        authorization: `Bearer ${token}`,
        accept,
        ...(body === undefined ? {} : { "content-type": "application/json", "content-length": `${text.length}` }),
        ...headers,
      };
      const head = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
      const from = received.length;
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      look = () => {
        if (until.test(received.slice(from))) resolve(received.slice(from));
      };
      socket.on("close", () => reject(new Error(`closed after: ${received.slice(from)}`)));
      promise.catch(() => undefined);
      socket.write(`${method} /mcp HTTP/1.1\r\n${head.join("")}\r\n${text}`);
      return promise;
    },
    kill: () => void socket.resetAndDestroy(),
  };
}

/** Begins a session of the older era. Gives the headers that belong to it. */
export async function beginSession(agent: RawAgent, elicits = true): Promise<Record<string, string>> {
  const params = {
    protocolVersion: "2025-11-25",
    capabilities: elicits ? { elicitation: {} } : {},
    clientInfo: { name: "raw", version: "1" },
  };
  const begun = await agent.send("POST", {}, { jsonrpc: "2.0", id: 0, method: "initialize", params }, /\r\n0\r\n\r\n$/);
  return { "mcp-session-id": /mcp-session-id: (\S+)/i.exec(begun)?.[1] ?? "", "mcp-protocol-version": "2025-11-25" };
}
