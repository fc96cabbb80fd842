import { type ListenOptions, listen } from "../../src/http/server.ts";
import { bootApp } from "./home.ts";

export interface Sent {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: unknown;
  /** Sent as it is, instead of `body`. */
  raw?: string | Uint8Array;
  /** The credential; the local token unless told. */
  auth?: string | null;
  /** Take only the head of the answer, which may never end. */
  unread?: boolean;
}

export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  json: any;
}

/** The program behind a real socket on a free port. */
export async function bootServer(
  options: Parameters<typeof bootApp>[0] = {},
  more: Pick<ListenOptions, "makeAgentServer"> = {},
) {
  const app = await bootApp(options);
  const server = listen(app, { hostname: "127.0.0.1", port: 0, ...more });
  const origin = `http://127.0.0.1:${server.port}`;
  const send = async (request: Sent): Promise<Reply> => {
    const { method, path, headers = {}, body, raw, auth = app.localToken() } = request;
    const hasBody = body !== undefined || raw !== undefined;
    const response = await fetch(origin + path, {
      method: method ?? (hasBody ? "POST" : "GET"),
      headers: {
        ...(auth === null ? {} : { authorization: `Bearer ${auth}` }),
        ...(hasBody ? { "content-type": "application/json" } : {}),
        ...headers,
      },
      ...(hasBody ? { body: raw ?? JSON.stringify(body) } : {}),
      redirect: "manual",
    });
    if (request.unread && response.headers.get("content-type")?.includes("event-stream")) {
      await response.body?.cancel();
      return { status: response.status, headers: response.headers, text: "", json: undefined };
    }
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json");
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson && text !== "" ? JSON.parse(text) : undefined,
    };
  };
  return {
    app,
    origin,
    port: server.port,
    send,
    async [Symbol.asyncDispose]() {
      await server.stop(100);
      await app[Symbol.asyncDispose]();
    },
  };
}
