import { AppError } from "../src/core/errors.ts";
import { isRecord } from "../src/core/parameters.ts";
import { readStatus } from "../src/daemon/control.ts";
import type { DaemonRecord, LanState } from "../src/daemon/record.ts";
import { installedService } from "../src/daemon/service.ts";
import type { Cli } from "./cli.ts";
import type { Here } from "./output.ts";
import type { Paint } from "./paint.ts";
import { outline } from "./table.ts";

/** What `daemon status` tells; field names are the wire's. */
export interface DaemonFacts {
  running: boolean;
  pid?: number;
  url?: string;
  version?: string;
  started_at?: string;
  sandbox?: boolean;
  uptime_s?: number;
  /** Resident. */
  memory_bytes?: number;
  /** Sessions that are open now. */
  sessions?: number;
  /** The listener on the LAN, while LAN is on. */
  lan?: LanState;
  /** What keeps it running, or null. */
  service: string | null;
  health: unknown;
}

/** Looks at the daemon from outside, so that one which hangs is seen too. */
export async function readFacts(cli: Cli): Promise<DaemonFacts> {
  const home = cli.home();
  const { running, record, health } = await readStatus(home);
  const service = installedService(home)?.name ?? null;
  if (!running || !record) return { running, service, health: health ?? null };
  const memory = await memoryOf(record.pid);
  const sessions = await sessionsOf(cli);
  return {
    running,
    ...record,
    uptime_s: Math.max(0, Math.round((Date.now() - Date.parse(record.started_at)) / 1000)),
    ...(memory === undefined ? {} : { memory_bytes: memory }),
    ...(sessions === undefined ? {} : { sessions }),
    service,
    health: health ?? null,
  };
}

export function describeStatus(facts: DaemonFacts, paint: Paint, here: Here): string {
  const { pid, url = "", version = "", sandbox = false } = facts;
  if (!facts.running || pid === undefined) return here("Not running. Run: mcqueen daemon start");
  const { lan, health, memory_bytes: memory, uptime_s: up, sessions, service } = facts;
  const shown = {
    up: up === undefined ? undefined : duration(up),
    memory: memory === undefined ? undefined : `${Math.round(memory / 1024 / 1024)} MiB`,
    sessions,
    LAN: lan ? (lan.listening ? lan.url : `${lan.why}${lan.hint ? `. ${here(lan.hint)}` : ""}`) : "off",
    "kept running by": service ?? (sandbox ? "nobody" : "nobody; mcqueen daemon install lets the system do it"),
    ...checksOf(health),
  };
  const lines = [
    describe({ pid, url, version, sandbox }),
    outline(Object.fromEntries(Object.entries(shown).filter(([, value]) => value !== undefined))),
    ...(health ? [] : [paint.red(here("It does not answer. Run: mcqueen daemon restart"))]),
    ...(health && !isWell(facts) ? [paint.red(here("It is not well. Run: mcqueen doctor"))] : []),
  ];
  return lines.join("\n");
}

/** Whether it runs, answers, and finds nothing wrong with itself. */
export const isWell = ({ running, health }: DaemonFacts): boolean =>
  running && isRecord(health) && health.success === true;

/** What it found when it looked at itself: "database ok". */
const checksOf = (health: unknown): Record<string, unknown> =>
  isRecord(health) && isRecord(health.checks) ? health.checks : {};

/** Undefined where nobody can tell. */
async function memoryOf(pid: number): Promise<number | undefined> {
  if (!Bun.which("ps")) return undefined;
  const child = Bun.spawn(["ps", "-o", "rss=", "-p", String(pid)], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "ignore",
  });
  const kilobytes = Number((await child.stdout.text()).trim());
  return kilobytes > 0 ? kilobytes * 1024 : undefined;
}

/** Undefined while settings or database keep the house shut: the daemon may run well all the same. */
async function sessionsOf(cli: Cli): Promise<number | undefined> {
  try {
    return (await (await cli.app()).people.sessions()).length;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

function duration(seconds: number): string {
  const [days, hours, minutes] = [seconds / 86_400, (seconds / 3_600) % 24, (seconds / 60) % 60].map(Math.floor);
  if (days) return `${days} d ${hours} h`;
  if (hours) return `${hours} h ${minutes} min`;
  return minutes ? `${minutes} min` : `${seconds} s`;
}

export const describe = (record: Pick<DaemonRecord, "pid" | "url" | "version" | "sandbox">): string =>
  `mcqueen ${record.version} serves at ${record.url} (pid ${record.pid})${record.sandbox ? ", sandbox" : ""}`;
