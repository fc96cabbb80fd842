import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import ipaddr from "ipaddr.js";
import type { App } from "../app.ts";
import { AppError } from "../core/errors.ts";
import { type HttpServer, listen } from "../http/server.ts";
import { version } from "../version.ts";
import { type DaemonRecord, readRecord, recordPath, removeRecord } from "./record.ts";

export interface RunningDaemon {
  record: DaemonRecord;
  /** Resolves when the daemon has stopped, by a signal or by `stop`. */
  stopped: Promise<void>;
  stop(): Promise<void>;
}

const graceMs = 5_000;
const tidyEveryMs = 60 * 60 * 1000;

/**
 * Serves the app until a signal comes.
 * @throws AppError conflict (a second daemon on one database, a taken port), forbidden (an address beyond loopback)
 */
export async function startServing(app: App): Promise<RunningDaemon> {
  const { home } = app.settings;
  const hostname = app.settings.text("HOST") ?? "127.0.0.1";
  requireLoopback(hostname);
  await app.requireSecrets();
  const lock = app.takeDaemonLock();
  if (!lock) throw alreadyRunning(readRecord(home));
  // What a killed daemon left would point others at a process that is somebody else's by now.
  removeRecord(home);
  let server: HttpServer;
  try {
    server = listen(app, { hostname, port: app.settings.number("PORT") });
  } catch (error) {
    lock.release();
    throw error;
  }
  const record: DaemonRecord = {
    pid: process.pid,
    url: `http://${hostname.includes(":") ? `[${hostname}]` : hostname}:${server.port}`,
    version,
    started_at: app.now().toISOString(),
    sandbox: app.settings.sandbox,
    ...(app.settings.envFile === undefined ? {} : { env_file: resolve(app.settings.envFile) }),
  };
  writeFileSync(recordPath(home), JSON.stringify(record), { mode: 0o600 });
  app.log.info("serving", { url: record.url, pid: record.pid, version });

  const tidy = (): void => void app.tidy().catch((error: unknown) => app.log.warn("tidying failed", { error }));
  tidy();
  const tidying = setInterval(tidy, tidyEveryMs);
  const { promise: stopped, resolve: settle, reject } = Promise.withResolvers<void>();
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      app.log.info("stopping");
      clearInterval(tidying);
      await server.stop(graceMs);
      await app.close();
      removeRecord(home);
      lock.release();
    })();
    stopping.then(settle, reject);
    return stopping;
  };
  const onSignal = (): void => void stop();
  process.on("SIGTERM", onSignal);
  process.on("SIGINT", onSignal);
  const settled = stopped.finally(() => {
    process.off("SIGTERM", onSignal);
    process.off("SIGINT", onSignal);
  });
  return { record, stopped: settled, stop };
}

function requireLoopback(hostname: string): void {
  if (hostname === "localhost") return;
  if (ipaddr.isValid(hostname) && ipaddr.process(hostname).range() === "loopback") return;
  throw new AppError("forbidden", `The daemon serves this computer only; HOST=${hostname} is not a loopback address`, {
    hint: "Use HOST=127.0.0.1.",
  });
}

/** Names the first daemon. Its record may be missing for a moment, while it is starting. */
export function alreadyRunning(record: DaemonRecord | undefined): AppError {
  const who = record ? `pid ${record.pid} at ${record.url}` : "it is just starting";
  return new AppError("conflict", `A daemon serves this database already: ${who}`, {
    hint: "Run: mcqueen daemon status",
    ...(record ? { metadata: { pid: record.pid, url: record.url } } : {}),
  });
}
