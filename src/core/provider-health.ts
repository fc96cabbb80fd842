import type { ErrorCode } from "./errors.ts";

/** How requests to one provider went, in all processes of a home. */
export interface ProviderHealth {
  /** Failures in a row that count against it: no answer, or trouble of its own. */
  failures: number;
  /** While this lies ahead, it is left alone; then one request may try. */
  openUntil?: Date;
  lastSuccessAt?: Date;
  lastFailure?: { at: Date; code: ErrorCode; reason: string };
}

/** What became of one request. */
export type ProviderEvent =
  | { kind: "success"; at: Date }
  /** `theirs`: it counts against the provider; a refusal shows that it is alive. */
  | { kind: "failure"; at: Date; code: ErrorCode; reason: string; theirs: boolean }
  /** A request goes out to try a provider that was left alone; meanwhile no other one does. */
  | { kind: "trial"; at: Date }
  /** The caller of a trial went away before it ended. */
  | { kind: "abandoned"; at: Date };

const failuresThatOpen = 5;
const openForMs = 30_000;

export const freshHealth: ProviderHealth = { failures: 0 };

/**
 * What is known after an event.
 * @param pauseMs how long a provider is left alone after five failures in a row
 */
export function afterEvent(before: ProviderHealth, event: ProviderEvent, pauseMs = openForMs): ProviderHealth {
  const { openUntil, ...rest } = before;
  const later = new Date(event.at.getTime() + pauseMs);
  switch (event.kind) {
    case "success":
      return { ...rest, failures: 0, lastSuccessAt: event.at };
    case "trial":
      return { ...rest, openUntil: later };
    case "abandoned":
      return { ...rest, openUntil: event.at };
    case "failure": {
      const { at, code, reason, theirs } = event;
      const failures = theirs ? rest.failures + 1 : 0;
      const opens = failures >= failuresThatOpen;
      return { ...rest, failures, lastFailure: { at, code, reason }, ...(opens ? { openUntil: later } : {}) };
    }
  }
}

export type CircuitState = "closed" | "open" | "half_open";

/** Whether a request may go out: freely, not, or one to try. A clock that was set back opens nothing for longer. */
export function circuitState({ failures, openUntil }: ProviderHealth, now: Date, pauseMs = openForMs): CircuitState {
  if (openUntil === undefined || failures < failuresThatOpen) return "closed";
  const left = openUntil.getTime() - now.getTime();
  return left > 0 && left <= pauseMs ? "open" : "half_open";
}

/** Whether a request may go out now, and what was known when that was decided. */
export interface Admission {
  state: CircuitState;
  health: ProviderHealth;
}

export interface ProviderHealthStore {
  /** Decides over one request, by the provider's name. Of a provider that was left alone, one is let through as a trial. */
  admit(provider: string, now: Date, pauseMs?: number): Promise<Admission>;
  /** May reach the disk a moment later. */
  note(provider: string, event: ProviderEvent, pauseMs?: number): void;
  /** By provider, with all that this process noted. */
  all(): Promise<Map<string, ProviderHealth>>;
}
