import type { ErrorCode } from "../core/errors.ts";
import { bucketOf, bucketUpperMs, type UsageStore, type UsageSummary } from "../core/usage.ts";
import type { Database } from "./database.ts";

interface Row {
  tool_id: string;
  provider: string;
  code: ErrorCode | "ok";
  bucket: number;
  calls: number;
}

/** Calls that are alike, until they are written. */
interface Counted {
  calls: number;
}

export function createUsageStore(db: Database): UsageStore {
  const open = new Map<string, Counted>();
  return {
    record({ userId, toolId, action, provider, code, at, durationMs }) {
      const [hour, bucket] = [hourOf(at), bucketOf(durationMs)];
      const columns = [userId, toolId, action, provider, code, hour, bucket] as const;
      const key = columns.join("\n");
      const same = open.get(key);
      if (same) {
        same.calls++;
        return;
      }
      const counted: Counted = { calls: 1 };
      open.set(key, counted);
      db.later((connection) => {
        // Closed before it is written: should the group be taken back, it is written again as it was.
        if (open.get(key) === counted) open.delete(key);
        connection.run(
          `INSERT INTO usage (user_id, tool_id, action, provider, code, hour, bucket, calls)
           SELECT ?, ?, ?, ?, ?, ?, ?, CAST(? AS INTEGER) FROM users WHERE id = ?
           ON CONFLICT (user_id, hour, tool_id, action, provider, code, bucket)
           DO UPDATE SET calls = usage.calls + excluded.calls`,
          ...columns,
          counted.calls,
          userId,
        );
        for (const [unit, span] of [
          ["day", dayOf(hour)],
          ["month", monthOf(hour)],
        ] as const) {
          connection.run(
            `INSERT INTO usage_spans (user_id, unit, span, tool_id, provider, code, bucket, calls)
             SELECT ?, ?, ?, ?, ?, ?, ?, CAST(? AS INTEGER) FROM users WHERE id = ?
             ON CONFLICT (user_id, unit, span, tool_id, provider, code, bucket)
             DO UPDATE SET calls = usage_spans.calls + excluded.calls`,
            ...[userId, unit, span, toolId, provider, code, bucket, counted.calls, userId],
          );
        }
      });
    },
    async summary(userId, since) {
      const hour = hourOf(since);
      const [day, month] = [dayOf(hour), monthOf(hour)];
      // The rest of its day by hours, the rest of its month by days, and the months after it.
      const rows = db.durable.all<Row>(
        `SELECT tool_id, provider, code, bucket, CAST(SUM(calls) AS INTEGER) AS calls FROM (
           SELECT tool_id, provider, code, bucket, calls FROM usage WHERE user_id = ? AND hour >= ? AND hour < ?
           UNION ALL
           SELECT tool_id, provider, code, bucket, calls FROM usage_spans
           WHERE user_id = ? AND unit = 'day' AND span > ? AND span < ?
           UNION ALL
           SELECT tool_id, provider, code, bucket, calls FROM usage_spans
           WHERE user_id = ? AND unit = 'month' AND span > ?
         ) AS spans GROUP BY tool_id, provider, code, bucket ORDER BY tool_id, bucket`,
        ...[userId, hour, `${day}U`, userId, day, `${month}-99`, userId, month],
      );
      const byTool = Map.groupBy(rows, (row) => row.tool_id);
      return [...byTool].map(([toolId, of]) => summarise(toolId, of));
    },
  };
}

function summarise(toolId: string, rows: Row[]): UsageSummary {
  const calls = rows.reduce((sum, row) => sum + row.calls, 0);
  const failures: UsageSummary["failures"] = {};
  for (const { code, calls: count } of rows) if (code !== "ok") failures[code] = (failures[code] ?? 0) + count;
  const percentile = (share: number): number => {
    let seen = 0;
    for (const row of rows) {
      seen += row.calls;
      if (seen >= share * calls) return Math.round(bucketUpperMs(row.bucket));
    }
    return 0;
  };
  const byProvider = Map.groupBy(
    rows.filter(({ provider }) => provider !== ""),
    ({ provider }) => provider,
  );
  const sum = (of: Row[]): number => of.reduce((total, row) => total + row.calls, 0);
  const providers = [...byProvider].map(([provider, of]) => ({
    provider,
    calls: sum(of),
    failures: sum(of.filter(({ code }) => code !== "ok")),
  }));
  return { toolId, calls, failures, p50Ms: percentile(0.5), p95Ms: percentile(0.95), providers };
}

const dayOf = (hour: string): string => hour.slice(0, 10);
const monthOf = (hour: string): string => hour.slice(0, 7);
const hourOf = (at: Date): string => at.toISOString().slice(0, 13);
