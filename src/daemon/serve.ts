import { resolve } from "node:path";
import type { App } from "../app.ts";
import { AppError } from "../core/errors.ts";
import { type HttpServer, listen } from "../http/server.ts";
import { version } from "../version.ts";
import { keepDailyBackups } from "./daily-backups.ts";
import { isLanOn, keepLan, type LanKeeper } from "./lan-keeper.ts";
import { createRenewal, mainListener, urlOf } from "./main-listener.ts";
import { type DaemonRecord, readRecord, removeRecord, writeRecord } from "./record.ts";

export interface RunningDaemon {
  record: DaemonRecord;
  /** Resolves when the daemon has stopped, by a signal or by `stop`. */
  stopped: Promise<void>;
  stop(): Promise<void>;
  /** Renews the certificate for this computer where it is due, as happens by itself each minute. */
  renew(): Promise<void>;
}

const graceMs = 5_000;
const renewEveryMs = 60_000;
const tidyEveryMs = 60 * 60 * 1000;

/**
 * Serves the app until a signal comes.
 * @param backupCommand the program and arguments that make the daily backup; none is made without it
 * @throws AppError conflict (a second daemon on one database, a taken port), forbidden (an address beyond loopback)
 */
export async function startServing(app: App, backupCommand?: readonly string[]): Promise<RunningDaemon> {
  const { home } = app.settings;
  const options = await mainListener(app);
  await app.requireSecrets();
  const lock = app.takeDaemonLock();
  if (!lock) throw alreadyRunning(readRecord(home));
  // What a killed daemon left would point others at a process that is somebody else's by now.
  removeRecord(home);
  let server: HttpServer | undefined;
  let lan: LanKeeper | undefined;
  let record: DaemonRecord;
  let renew: () => Promise<void>;
  try {
    const opened = listen(app, options);
    server = opened;
    renew = createRenewal(app, opened, options);
    record = {
      pid: process.pid,
      url: urlOf(options, opened.port),
      host: options.hostname,
      version,
      started_at: app.now().toISOString(),
      sandbox: app.settings.sandbox,
      ...(app.settings.envFile === undefined ? {} : { env_file: resolve(app.settings.envFile) }),
      ...(app.settings.sourceOf("READ_ONLY") === "flag" ? { read_only: true } : {}),
    };
    lan = isLanOn(app.settings)
      ? await keepLan(app, opened, (state) => {
          record.lan = state;
          writeRecord(home, record);
        })
      : undefined;
    writeRecord(home, record);
  } catch (error) {
    await server?.stop(0);
    lock.release();
    throw error;
  }
  app.log.info("serving", { url: record.url, pid: record.pid, version });

  const tidy = (): void => void app.tidy().catch((error: unknown) => app.log.warn("tidying failed", { error }));
  tidy();
  const tidying = setInterval(tidy, tidyEveryMs);
  const renewing = setInterval(() => {
    renew().catch((error: unknown) => app.log.error("the certificate for this computer was not renewed", { error }));
  }, renewEveryMs);
  const backups = backupCommand && keepDailyBackups(app, backupCommand);
  const { promise: stopped, resolve: settle, reject } = Promise.withResolvers<void>();
  let stopping: Promise<void> | undefined;
  const stop = (): Promise<void> => {
    stopping ??= (async () => {
      app.log.info("stopping");
      clearInterval(tidying);
      clearInterval(renewing);
      await backups?.stop();
      await lan?.stop();
      await server?.stop(graceMs);
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
  return { record, stopped: settled, stop, renew };
}

/** Names the first daemon. Its record may be missing for a moment, while it is starting. */
export function alreadyRunning(record: DaemonRecord | undefined): AppError {
  const who = record ? `pid ${record.pid} at ${record.url}` : "it is just starting";
  return new AppError("conflict", `A daemon serves this database already: ${who}`, {
    hint: "Run: mcqueen daemon status",
    ...(record ? { metadata: { pid: record.pid, url: record.url } } : {}),
  });
}
