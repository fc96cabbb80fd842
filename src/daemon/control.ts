import { mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { AppError, type ErrorCode } from "../core/errors.ts";
import type { Home } from "../home.ts";
import { childEnvironment } from "../settings.ts";
import { isServed } from "./lock.ts";
import { type DaemonRecord, readRecord, removeRecord } from "./record.ts";

/** The line that a starting daemon writes to its ready descriptor. */
export type ReadyMessage = { ready: DaemonRecord } | { failed: { code: ErrorCode; message: string; hint?: string } };

export interface DaemonStatus {
  running: boolean;
  record?: DaemonRecord;
  health?: unknown;
}

const readyWithinMs = 15_000;
const stopWithinMs = 8_000;

/**
 * Starts a daemon that outlives this process, and waits until it is ready.
 * @param command the program and arguments that run `serve`; it gets `--ready-fd 3`
 * @throws AppError what the daemon itself said, or timeout
 */
export async function startDaemon(home: Home, command: readonly string[]): Promise<DaemonRecord> {
  mkdirSync(home.logs, { recursive: true, mode: 0o700 });
  const output = openSync(join(home.logs, "daemon.out"), "a", 0o600);
  const child = Bun.spawn([...command, "--ready-fd", "3"], {
    detached: true,
    cwd: "/",
    env: childEnvironment(),
    stdio: ["ignore", output, output, "pipe"],
  });
  child.unref();
  const descriptor = child.stdio[3];
  if (typeof descriptor !== "number") throw new Error("no ready pipe");
  const text = await withinMs(readyWithinMs, Bun.file(descriptor).text());
  if (text === undefined) {
    throw new AppError("timeout", `The daemon was not ready within ${readyWithinMs / 1000} s`, {
      hint: "Run: mcqueen daemon logs",
    });
  }
  if (text === "") {
    throw new AppError("unavailable", "The daemon ended before it was ready", { hint: "Run: mcqueen daemon logs" });
  }
  const message = JSON.parse(text) as ReadyMessage;
  if ("ready" in message) return message.ready;
  const { code, message: sentence, hint } = message.failed;
  throw new AppError(code, sentence, hint ? { hint } : {});
}

/** Waits for a daemon that somebody else starts. @throws AppError timeout */
export async function untilServing(home: Home): Promise<DaemonRecord> {
  const until = performance.now() + readyWithinMs;
  for (;;) {
    const { running, record, health } = await readStatus(home);
    if (running && record && health) return record;
    if (performance.now() > until) {
      throw new AppError("timeout", `The daemon was not ready within ${readyWithinMs / 1000} s`, {
        hint: "Run: mcqueen daemon logs",
      });
    }
    await Bun.sleep(50);
  }
}

/** Asks the daemon to stop and waits for it. Gives undefined when none runs. */
export async function stopDaemon(home: Home): Promise<DaemonRecord | undefined> {
  const record = readRecord(home);
  if (!isServed(home)) {
    removeRecord(home);
    return undefined;
  }
  if (!record) throw new AppError("conflict", "A daemon is just starting", { hint: "Try again in a moment." });
  process.kill(record.pid, "SIGTERM");
  const until = performance.now() + stopWithinMs;
  while (isServed(home) || isAlive(record.pid)) {
    if (performance.now() > until) {
      throw new AppError("timeout", `The daemon (pid ${record.pid}) did not stop within ${stopWithinMs / 1000} s`, {
        hint: `Run: kill -9 ${record.pid}`,
      });
    }
    await Bun.sleep(20);
  }
  return record;
}

/** Whether a daemon runs, and what it says of itself. */
export async function readStatus(home: Home): Promise<DaemonStatus> {
  const record = readRecord(home);
  if (!record || !isServed(home)) return { running: false };
  try {
    const response = await fetch(`${record.url}/api/v1/health`, { signal: AbortSignal.timeout(3_000) });
    return { running: true, record, health: await response.json() };
  } catch {
    return { running: true, record };
  }
}

async function withinMs<T>(ms: number, work: Promise<T>): Promise<T | undefined> {
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, ms);
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether a process runs; one that has ended and waits to be collected does not. */
export function isAlive(pid: number): boolean {
  try {
    // One that has ended and was not yet collected by its parent still has its number.
    if (process.platform === "linux" && / Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\)/, "")))
      return false;
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
