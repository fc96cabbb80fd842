/** What is known of the requests under one key, in milliseconds of the clock. */
export interface PaceState {
  /** When the last turn was given. */
  takenAt: number;
  /** The first moment that is free. */
  nextAt: number;
}

export interface Turn {
  /** Milliseconds until the turn. */
  waitMs: number;
  /** What is known once the turn is taken. */
  state: PaceState;
}

/**
 * The next free turn, where `burst` of them may be had at once after a rest: at most `burst + t / everyMs` in any time t. After the clock was set back, what was waiting still waits, counted from now.
 */
export function nextTurn(known: PaceState | undefined, everyMs: number, now: number, burst = 1): Turn {
  const isBack = known !== undefined && now < known.takenAt;
  const free = known === undefined ? now : isBack ? now + known.nextAt - known.takenAt : known.nextAt;
  const waitMs = Math.max(0, free - (burst - 1) * everyMs - now);
  return { waitMs, state: { takenAt: now, nextAt: Math.max(now, free) + everyMs } };
}

/** Turns at providers that want some time between two requests; one queue for all processes of a home. */
export interface PaceStore {
  /**
   * Takes the next turn, unless it would come later than `patienceMs` from now; then nothing is taken.
   * @returns milliseconds until the turn, and whether it was taken
   */
  take(key: string, everyMs: number, patienceMs: number, burst?: number): Promise<{ waitMs: number; taken: boolean }>;
}
