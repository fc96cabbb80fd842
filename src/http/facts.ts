import type { Caller } from "../core/call.ts";
import type { RateVerdict } from "../core/rate-limit.ts";
import type { Session } from "../core/session.ts";

/** loopback: this computer. lan: the second listener, with TLS. proxy: any address, behind a TLS proxy. */
export type ListenerKind = "loopback" | "lan" | "proxy";

/** What we found out about a request on its way. */
export interface Facts {
  /** The id that its answer bears as `X-Request-Id`. */
  requestId: string;
  /** What was asked for; null for an address that cannot be read. */
  url: URL | null;
  /** Where it comes from: the socket's address, or what a trusted proxy says. */
  address: string;
  /** By which listener it came. */
  listener: ListenerKind;
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

export function noteFacts(
  request: Request,
  address: string,
  listener: ListenerKind = "loopback",
  keepOpen?: () => void,
): Facts {
  const facts: Facts = {
    requestId: crypto.randomUUID(),
    url: URL.parse(request.url),
    address,
    listener,
    ...(keepOpen ? { keepOpen } : {}),
  };
  known.set(request, facts);
  return facts;
}

/** The facts of a request; one that came by no listener, as in tests, has none but an id. */
export const factsOf = (request: Request): Facts => known.get(request) ?? noteFacts(request, "");
