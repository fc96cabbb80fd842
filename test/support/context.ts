import type { AnswerCache } from "../../src/core/cache.ts";
import type { HttpClient } from "../../src/core/http-client.ts";
import type { ToolContext } from "../../src/core/tool.ts";
import { createHttpClient, type HttpClientOptions } from "../../src/net/client.ts";

export const userAgent = "mcqueen/test (https://example.org/contact)";

/** The real client with short pauses; `deadlineMs` replaces the deadlines that adapters ask for. */
export function createTestClient({
  deadlineMs,
  ...options
}: Partial<HttpClientOptions> & { deadlineMs?: number } = {}) {
  const client = createHttpClient({ userAgent, now: () => new Date(), pauseMs: 1, ...options });
  const http: HttpClient = {
    json: (request) => client.json(deadlineMs === undefined ? request : { ...request, deadlineMs }),
  };
  return http;
}

/** What a running action gets, with the real HTTP client. */
export const createContext = (more: Partial<ToolContext> = {}): ToolContext => ({
  http: createTestClient(),
  settings: {},
  profile: {},
  config: {},
  signal: new AbortController().signal,
  now: () => new Date(),
  progress: () => undefined,
  ...more,
});

/** An answer cache that shows what it holds. */
export function createMapCache(): AnswerCache & { kept: Map<string, { text: string; expiresAt: Date }> } {
  const kept = new Map<string, { text: string; expiresAt: Date }>();
  return {
    kept,
    async get(key, now) {
      const found = kept.get(key);
      return found && found.expiresAt > now ? found.text : undefined;
    },
    put: (key, text, expiresAt) => void kept.set(key, { text, expiresAt }),
  };
}
