import type { AnswerCache, KeptAnswer } from "../../src/core/cache.ts";
import type { HttpClient } from "../../src/core/http-client.ts";
import { nextTurn, type PaceState, type PaceStore } from "../../src/core/pace.ts";
import {
  afterEvent,
  circuitState,
  freshHealth,
  type ProviderHealth,
  type ProviderHealthStore,
} from "../../src/core/provider-health.ts";
import type { ToolContext } from "../../src/core/tool.ts";
import { createHttpClient, type HttpClientOptions } from "../../src/net/client.ts";

export const userAgent = "mcqueen/test (https://example.org/contact)";

/** The real client with short pauses; `deadlineMs` replaces the deadlines that adapters ask for. */
export function createTestClient({
  deadlineMs,
  ...options
}: Partial<HttpClientOptions> & { deadlineMs?: number } = {}) {
  const [health, pace] = [createMapHealth(), createMapPace()];
  const client = createHttpClient({ userAgent, now: () => new Date(), pauseMs: 1, health, pace, ...options });
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

/** An answer cache that shows what it holds. Who changes an answer that is shared meets a TypeError. */
export function createMapCache(): AnswerCache & { kept: Map<string, { text: string; expiresAt: Date }> } {
  const kept = new Map<string, { text: string; expiresAt: Date }>();
  return {
    kept,
    async get(key, now) {
      const found = kept.get(key);
      return found && found.expiresAt > now ? frozen(JSON.parse(found.text) as KeptAnswer) : undefined;
    },
    put: (key, answer, expiresAt) => void kept.set(key, { text: JSON.stringify(answer), expiresAt }),
  };
}

function frozen<T>(value: T): T {
  if (typeof value !== "object" || value === null) return value;
  for (const each of Object.values(value)) frozen(each);
  return Object.freeze(value);
}

/** What is known of providers, in memory. */
export function createMapHealth(): ProviderHealthStore & { known: Map<string, ProviderHealth> } {
  const known = new Map<string, ProviderHealth>();
  const read = (provider: string): ProviderHealth => known.get(provider) ?? freshHealth;
  const note: ProviderHealthStore["note"] = (provider, event, pauseMs) =>
    void known.set(provider, afterEvent(read(provider), event, pauseMs));
  return {
    known,
    note,
    async admit(provider, now, pauseMs) {
      const health = read(provider);
      const state = circuitState(health, now, pauseMs);
      if (state === "half_open") note(provider, { kind: "trial", at: now }, pauseMs);
      return { state, health };
    },
    all: async () => known,
  };
}

/** Turns of this process alone, by the real clock. */
function createMapPace(): PaceStore {
  const known = new Map<string, PaceState>();
  return {
    async take(key, everyMs, patienceMs, burst) {
      const { waitMs, state } = nextTurn(known.get(key), everyMs, Date.now(), burst);
      const taken = waitMs <= patienceMs;
      if (taken) known.set(key, state);
      return { waitMs, taken };
    },
  };
}
