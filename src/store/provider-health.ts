import type { ErrorCode } from "../core/errors.ts";
import {
  afterEvent,
  circuitState,
  freshHealth,
  type ProviderHealth,
  type ProviderHealthStore,
} from "../core/provider-health.ts";
import type { Connection, Database } from "./database.ts";

interface Row {
  provider: string;
  failures: number;
  open_until: string | null;
  last_success_at: string | null;
  last_failure_at: string | null;
  last_code: ErrorCode | null;
  last_reason: string | null;
}

type Change = (before: ProviderHealth) => ProviderHealth;

/**
 * Changes are collected and written together; until then they are applied to what is read.
 * @param conceal takes known secrets out of a reason, should a provider have sent one back
 */
export function createProviderHealthStore(db: Database, conceal: (reason: string) => string): ProviderHealthStore {
  const waiting = new Map<string, Set<Change>>();
  const current = (provider: string, row: Row | undefined): ProviderHealth =>
    [...(waiting.get(provider) ?? [])].reduce((health, change) => change(health), healthOf(row));
  const note: ProviderHealthStore["note"] = (provider, told, pauseMs) => {
    const event = told.kind === "failure" ? { ...told, reason: conceal(told.reason) } : told;
    const change: Change = (before) => afterEvent(before, event, pauseMs);
    const changes = waiting.get(provider) ?? new Set();
    waiting.set(provider, changes.add(change));
    db.later((connection) => {
      changes.delete(change);
      write(connection, provider, change(healthOf(find(connection, provider))));
    });
  };
  return {
    note,
    async admit(provider, now, pauseMs) {
      const health = current(provider, find(db.durable, provider));
      const state = circuitState(health, now, pauseMs);
      if (state === "half_open") note(provider, { kind: "trial", at: now }, pauseMs);
      return { state, health };
    },
    async all() {
      const rows = new Map(db.durable.all<Row>("SELECT * FROM provider_health").map((row) => [row.provider, row]));
      const names = new Set([...rows.keys(), ...waiting.keys()]);
      return new Map([...names].map((name) => [name, current(name, rows.get(name))]));
    },
  };
}

const find = (connection: Connection, provider: string): Row | undefined =>
  connection.get<Row>("SELECT * FROM provider_health WHERE provider = ?", provider);

function healthOf(row: Row | undefined): ProviderHealth {
  if (!row) return freshHealth;
  const { last_failure_at: at, last_code: code, last_reason: reason } = row;
  return {
    failures: row.failures,
    ...(row.open_until ? { openUntil: new Date(row.open_until) } : {}),
    ...(row.last_success_at ? { lastSuccessAt: new Date(row.last_success_at) } : {}),
    ...(at && code ? { lastFailure: { at: new Date(at), code, reason: reason ?? "" } } : {}),
  };
}

function write(connection: Connection, provider: string, health: ProviderHealth): void {
  const { failures, openUntil, lastSuccessAt, lastFailure } = health;
  connection.run(
    `INSERT INTO provider_health
       (provider, failures, open_until, last_success_at, last_failure_at, last_code, last_reason)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (provider) DO UPDATE SET failures = excluded.failures, open_until = excluded.open_until,
       last_success_at = excluded.last_success_at, last_failure_at = excluded.last_failure_at,
       last_code = excluded.last_code, last_reason = excluded.last_reason`,
    provider,
    failures,
    openUntil?.toISOString() ?? null,
    lastSuccessAt?.toISOString() ?? null,
    lastFailure?.at.toISOString() ?? null,
    lastFailure?.code ?? null,
    lastFailure?.reason ?? null,
  );
}
