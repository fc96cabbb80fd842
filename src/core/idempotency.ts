import type { Outcome } from "./outcome.ts";

export interface IdempotencyStore {
  /** Takes a key, or gives what holds it: the digest of its call, and its outcome once it has one. */
  take(
    userId: string,
    key: string,
    digest: string,
    expiresAt: Date,
    now: Date,
  ): Promise<{ digest: string; outcome: Outcome | undefined } | undefined>;
  finish(userId: string, key: string, outcome: Outcome): Promise<void>;
  release(userId: string, key: string): Promise<void>;
}

/** How long a key is remembered, from the moment its call ran. */
export const idempotencyLifeMs = 24 * 60 * 60 * 1000;
