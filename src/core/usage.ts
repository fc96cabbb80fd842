import type { ErrorCode } from "./errors.ts";

/** One finished call, for counting. */
export interface UsageRecord {
  userId: string;
  toolId: string;
  action: string;
  provider: string;
  code: ErrorCode | "ok";
  durationMs: number;
  at: Date;
}

export interface UsageSummary {
  toolId: string;
  calls: number;
  failures: Partial<Record<ErrorCode, number>>;
  /** Milliseconds, within the width of a bucket (19 %). */
  p50Ms: number;
  p95Ms: number;
  providers: { provider: string; calls: number; failures: number }[];
}

export interface UsageStore {
  /** Counts a call. May reach the disk a moment later. */
  record(usage: UsageRecord): void;
  summary(userId: string, since: Date): Promise<UsageSummary[]>;
}

/** Latency buckets grow by a quarter of a doubling, so that a percentile is off by 19 % at most. */
export const bucketOf = (ms: number): number => Math.max(0, Math.ceil(4 * Math.log2(Math.max(ms, 1))));
export const bucketUpperMs = (bucket: number): number => 2 ** (bucket / 4);
