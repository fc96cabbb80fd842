import type { Outcome } from "./outcome.ts";

/** What holds a key: the digest of its call, and its outcome once it has one. */
export interface HeldKey {
  digest: string;
  outcome: Outcome | undefined;
}

export interface IdempotencyStore {
  /** Takes a key, or gives what holds it. */
  take(userId: string, key: string, digest: string, expiresAt: Date, now: Date): Promise<HeldKey | undefined>;
  find(userId: string, key: string, now: Date): Promise<HeldKey | undefined>;
  finish(userId: string, key: string, outcome: Outcome): Promise<void>;
  release(userId: string, key: string): Promise<void>;
  sweep(now: Date): Promise<void>;
}

/** How long a key is remembered, from the moment its call ran. */
export const idempotencyLifeMs = 24 * 60 * 60 * 1000;
