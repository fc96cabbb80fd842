import type { Caller } from "../core/call.ts";
import type { RateVerdict } from "../core/rate-limit.ts";
import type { Session } from "../core/session.ts";

/** What we found out about a request on its way. */
export interface Facts {
  /** The id that its answer bears as `X-Request-Id`. */
  requestId: string;
  /** Where it comes from: the socket's address, or what a trusted proxy says. */
  address: string;
  caller?: Caller;
  session?: Session;
  /** The limit that it was counted against. */
  rate?: RateVerdict;
  /** How to be let in, where the answer is that nobody is. */
  challenge?: string;
  /** Lets the answer take its time: without it, the server ends what is silent for a minute. */
  keepOpen?: () => void;
}

const known = new WeakMap<Request, Facts>();

export function noteFacts(request: Request, address: string, keepOpen?: () => void): Facts {
  const facts: Facts = { requestId: crypto.randomUUID(), address, ...(keepOpen ? { keepOpen } : {}) };
  known.set(request, facts);
  return facts;
}

/** The facts of a request; one that came by no listener, as in tests, has none but an id. */
export const factsOf = (request: Request): Facts => known.get(request) ?? noteFacts(request, "");
