import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AuditEntry, AuditFilter } from "../../src/core/audit.ts";
import type { UsageRecord } from "../../src/core/usage.ts";
import { ownerId } from "../../src/core/user.ts";
import { createAuditStore } from "../../src/store/audit.ts";
import { type Database, openDatabase } from "../../src/store/database.ts";
import { createUsageStore } from "../../src/store/usage.ts";
import { ensureOwner } from "../../src/store/user.ts";

export interface HistoryBench {
  rows: number;
  bytes: number;
  /** Median milliseconds of one page of 50, by what was asked for. */
  pages: Record<string, number>;
  /** The same for the sums of usage. */
  stats: Record<string, number>;
  verify_ms: number;
}

const pageSize = 50;
const rounds = 15;
const batch = 50_000;
const everyMs = 30_000;
const dayMs = 86_400_000;
const start = Date.parse("2026-01-01T00:00:00Z");

/** What people ask for: some match many rows, some one in a thousand, some none. */
const questions: Record<string, { filter: AuditFilter; before?: "middle" | "oldest" }> = {
  "first page": { filter: {} },
  "middle, by cursor": { filter: {}, before: "middle" },
  "oldest, by cursor": { filter: {}, before: "oldest" },
  "one tool": { filter: { toolId: "notes" } },
  "one kind": { filter: { kind: "config" } },
  "a rare code": { filter: { code: "rate_limited" } },
  "a tool and a code that never meet": { filter: { toolId: "notes", code: "rate_limited" } },
  "a code that never was": { filter: { code: "internal" } },
  "until the first hour": { filter: { until: new Date(start + 3_600_000) } },
  "since a time to come": { filter: { since: new Date("2100-01-01T00:00:00Z") } },
};

/** Times pages of histories of so many rows. */
export async function measureHistory(sizes: readonly number[]): Promise<HistoryBench[]> {
  const measured: HistoryBench[] = [];
  for (const rows of sizes) measured.push(await measureOne(rows));
  return measured;
}

async function measureOne(rows: number): Promise<HistoryBench> {
  const folder = mkdtempSync(join(tmpdir(), "mcqueen-bench-history-"));
  const path = join(folder, "mcqueen.db");
  try {
    await fill(path, rows);
    const database = openDatabase(path);
    const audit = createAuditStore(database);
    const pages: Record<string, number> = {};
    for (const [name, { filter, before }] of Object.entries(questions)) {
      const cursor = before === "middle" ? Math.ceil(rows / 2) : before === "oldest" ? pageSize + 1 : undefined;
      pages[name] = await median(() => audit.page({ userId: ownerId, ...filter }, cursor, pageSize));
    }
    const usage = createUsageStore(database);
    const end = start + rows * everyMs;
    const stats = {
      "of all time": await median(() => usage.summary(ownerId, new Date(0))),
      "of the last 30 days": await median(() => usage.summary(ownerId, new Date(end - 30 * dayMs))),
      "of the last day": await median(() => usage.summary(ownerId, new Date(end - dayMs))),
    };
    const started = Bun.nanoseconds();
    const verdict = await audit.verify();
    const verifyMs = (Bun.nanoseconds() - started) / 1e6;
    if (!verdict.ok || verdict.rows !== rows)
      throw new Error(`The chain of ${rows} rows is ${JSON.stringify(verdict)}`);
    database.close();
    return { rows, bytes: statSync(path).size, pages, stats, verify_ms: verifyMs };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function median(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let round = -1; round < rounds; round++) {
    const started = Bun.nanoseconds();
    await work();
    if (round >= 0) times.push((Bun.nanoseconds() - started) / 1e6);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
}

async function fill(path: string, rows: number): Promise<void> {
  const database = openDatabase(path, {
    onLoss(error) {
      throw error;
    },
  });
  ensureOwner(database.durable, ownerId, new Date(start));
  const audit = createAuditStore(database);
  const usage = createUsageStore(database);
  for (let from = 0; from < rows; from += batch) {
    const until = Math.min(rows, from + batch);
    for (let at = from; at < until; at++) {
      const entry = entryAt(at);
      audit.appendLater(entry);
      const { userId, toolId = "", action = "", provider = "", durationMs = 0, at: time } = entry;
      usage.record({ userId, toolId, action, provider, code: entry.code as UsageRecord["code"], durationMs, at: time });
    }
    await written(database, until);
  }
  database.close();
}

/** Collected writes are committed together a moment later. */
async function written(database: Database, rows: number): Promise<void> {
  for (let tries = 0; tries < 1_000; tries++) {
    await Bun.sleep(20);
    const last = database.durable.get<{ seq: number }>("SELECT seq FROM audit ORDER BY seq DESC LIMIT 1");
    if (last?.seq === rows) return;
  }
  throw new Error(`${rows} rows were not written in time`);
}

/** One row every half minute, so a million of them are about a year. */
const entryAt = (at: number): AuditEntry => ({
  userId: ownerId,
  kind: at % 50 === 0 ? "config" : "run",
  at: new Date(start + at * everyMs),
  toolId: at % 10 === 0 ? "notes" : "get_weather",
  action: "list",
  effect: "read",
  entrance: at % 3 === 0 ? "rest" : "cli",
  credentialId: "local",
  parameters: { location: "New York", units: "metric" },
  code: at % 1_000 === 7 ? "rate_limited" : "ok",
  durationMs: at % 400,
  provider: "Open-Meteo",
  requestId: crypto.randomUUID(),
});
