import { AppError } from "../core/errors.ts";
import type { PaceStore } from "../core/pace.ts";

interface WaitBounds {
  /** By performance.now(). */
  endsAt: number;
  /** Rejects when nobody waits any more. */
  aborted: Promise<never>;
}

/**
 * Waits until the provider may be asked again.
 * @throws AppError rate_limited at once, when that would be after the deadline
 */
export async function waitForTurn(
  store: PaceStore,
  provider: string,
  { everyMs, burst = 1, key = provider }: { everyMs: number; burst?: number; key?: string },
  { endsAt, aborted }: WaitBounds,
): Promise<void> {
  const { waitMs, taken } = await store.take(key, everyMs, endsAt - performance.now(), burst);
  if (!taken) {
    const retryAfterS = Math.ceil(waitMs / 1000);
    throw new AppError(
      "rate_limited",
      `${provider} takes one request every ${everyMs / 1000} s, and others are waiting already`,
      { hint: `Try again in ${retryAfterS} s.`, metadata: { provider }, retryAfterS },
    );
  }
  if (waitMs <= 0) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  // A timer may go off a fraction of a millisecond early.
  const turn = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, waitMs + 1);
  });
  try {
    await Promise.race([turn, aborted]);
  } finally {
    clearTimeout(timer);
  }
}
