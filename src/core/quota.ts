import { AppError } from "./errors.ts";
import type { Tool } from "./tool.ts";

export interface QuotaStore {
  /** Counts one call in the window before `now` (milliseconds), unless the limit is reached. */
  take(
    userId: string,
    toolId: string,
    limit: number,
    windowMs: number,
    now: number,
  ): Promise<{ taken: boolean; calls: number; oldest: number | undefined }>;
  read(
    userId: string,
    toolId: string,
    windowMs: number,
    now: number,
  ): Promise<{ calls: number; oldest: number | undefined }>;
}

export interface QuotaState {
  limit: number;
  remaining: number;
  /** When the oldest counted call leaves the window; null while none is counted. */
  reset_at: string | null;
}

const hourMs = 60 * 60 * 1000;

/** @throws AppError rate_limited, with the time when the next call is free */
export async function takeQuota(store: QuotaStore, userId: string, tool: Tool, now: Date): Promise<void> {
  const limit = tool.quotaPerHour;
  if (limit === undefined) return;
  const at = now.getTime();
  const { taken, oldest = at } = await store.take(userId, tool.id, limit, hourMs, at);
  if (taken) return;
  const retryAfterS = Math.max(1, Math.ceil((oldest + hourMs - at) / 1000));
  throw new AppError("rate_limited", `The quota of ${tool.id}, ${limit} calls an hour, is used up`, {
    hint: `Try again in ${Math.ceil(retryAfterS / 60)} min.`,
    retryAfterS,
    metadata: { quota: { limit, remaining: 0, reset_at: new Date(oldest + hourMs).toISOString() } },
  });
}

export async function readQuota(
  store: QuotaStore,
  userId: string,
  tool: Tool,
  now: Date,
): Promise<QuotaState | undefined> {
  const limit = tool.quotaPerHour;
  if (limit === undefined) return undefined;
  const { calls, oldest } = await store.read(userId, tool.id, hourMs, now.getTime());
  return {
    limit,
    remaining: Math.max(0, limit - calls),
    reset_at: oldest === undefined ? null : new Date(oldest + hourMs).toISOString(),
  };
}
