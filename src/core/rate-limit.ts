/** What is left of a limit, for the standard headers. */
export interface RateVerdict {
  ok: boolean;
  limit: number;
  remaining: number;
  /** Seconds until the count starts anew. */
  resetS: number;
}

export interface RateLimiter {
  /** Counts one, within a window that starts with the first count of its key. */
  take(key: string, limit: number, windowMs: number, now: number): RateVerdict;
}

const mostKeys = 50_000;

/**
 * Keeps counts in memory: one daemon serves a database, so nobody else counts. The number of keys is bounded; when
 * strangers fill it, the oldest go first.
 */
export function createRateLimiter(): RateLimiter {
  const counts = new Map<string, { count: number; endsAt: number }>();
  const verdict = (count: number, limit: number, endsAt: number, now: number): RateVerdict => ({
    ok: count <= limit,
    limit,
    remaining: Math.max(0, limit - count),
    resetS: Math.max(0, Math.ceil((endsAt - now) / 1000)),
  });
  const makeRoom = (now: number): void => {
    for (const [key, { endsAt }] of counts) if (endsAt <= now) counts.delete(key);
    for (const key of counts.keys()) {
      if (counts.size < mostKeys) return;
      counts.delete(key);
    }
  };
  return {
    take(key, limit, windowMs, now) {
      let entry = counts.get(key);
      // A window that ends later than a fresh one would was begun before the clock was set back.
      if (!entry || entry.endsAt <= now || entry.endsAt > now + windowMs) {
        if (counts.size >= mostKeys) makeRoom(now);
        counts.delete(key);
        entry = { count: 0, endsAt: now + windowMs };
        counts.set(key, entry);
      }
      entry.count++;
      return verdict(entry.count, limit, entry.endsAt, now);
    },
  };
}

const firstPauseMs = 60_000;
const forgottenAfterMs = 60 * 60_000;
const longestPauseMs = 15 * 60_000;

/** Slows guessing: after so many failures an address waits a minute, then twice as long after each further one. */
export interface FailureBrake {
  /** Seconds to wait; 0 when a try is welcome. */
  waitS(address: string, now: number): number;
  failed(address: string, now: number): void;
  succeeded(address: string): void;
}

export function createFailureBrake(freeFailures: number): FailureBrake {
  const failures = new Map<string, { count: number; until: number; at: number }>();
  return {
    waitS(address, now) {
      const known = failures.get(address);
      if (!known) return 0;
      // After the clock was set back, what was waiting still waits, counted from now.
      if (now < known.at) Object.assign(known, { until: known.until - known.at + now, at: now });
      return Math.max(0, Math.ceil((known.until - now) / 1000));
    },
    failed(address, now) {
      const before = failures.get(address);
      const count = before && now - before.at < forgottenAfterMs ? before.count + 1 : 1;
      const pause = count < freeFailures ? 0 : Math.min(longestPauseMs, firstPauseMs * 2 ** (count - freeFailures));
      if (failures.size >= mostKeys && !failures.has(address)) failures.delete(failures.keys().next().value ?? "");
      failures.set(address, { count, until: now + pause, at: now });
    },
    succeeded: (address) => void failures.delete(address),
  };
}
