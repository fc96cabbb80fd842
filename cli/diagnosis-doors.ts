import type { App } from "../src/app.ts";
import { ownerId } from "../src/core/user.ts";
import { readStatus } from "../src/daemon/control.ts";
import { isLanOn } from "../src/daemon/lan-keeper.ts";
import type { DaemonRecord } from "../src/daemon/record.ts";
import { readIdentity } from "../src/lan/identity.ts";
import type { Settings } from "../src/settings.ts";
import { version } from "../src/version.ts";
import type { Finding } from "./finding.ts";

const networkMs = 4_000;
const mostSkewS = 30;
const dayMs = 24 * 60 * 60_000;

export async function* ofDaemon(settings: Settings): AsyncGenerator<Finding> {
  const { running, record, health } = await readStatus(settings.home);
  const about = "daemon";
  if (!running || !record) {
    yield { about, status: "works", detail: "not running, and no command needs it", fix: "Run: mcqueen daemon start" };
    return yield* ofPort(settings);
  }
  const place = `pid ${record.pid} at ${record.url}`;
  const failing = failingChecks(health);
  if (record.version !== version) {
    const detail = `runs version ${record.version}, and this is ${version}`;
    yield { about, status: "warns", detail, fix: "Run: mcqueen daemon restart" };
  }
  if (health === undefined)
    yield { about, status: "fails", detail: `${place} does not answer`, fix: "Run: mcqueen daemon restart" };
  else if (failing.length > 0)
    yield {
      about,
      status: "fails",
      detail: `${place} is not well: ${failing.join(", ")}`,
      fix: "Run: mcqueen daemon logs",
    };
  else if (record.version === version) yield { about, status: "works", detail: place };
  yield* ofListener(record);
}

const failingChecks = (health: unknown): string[] => {
  const { checks = {} } = (health ?? {}) as { checks?: Record<string, string> };
  return Object.entries(checks).flatMap(([name, state]) => (state === "ok" ? [] : [`${name} ${state}`]));
};

/** Whether a daemon could have its port. */
function* ofPort(settings: Settings): Generator<Finding> {
  const hostname = settings.text("HOST") ?? "127.0.0.1";
  const port = settings.number("PORT");
  try {
    Bun.listen({ hostname, port, socket: { data: () => undefined } }).stop(true);
    yield { about: "port", status: "works", detail: port === 0 ? "any" : `${port} on ${hostname} is free` };
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "EADDRINUSE" && code !== "EACCES" && code !== "EADDRNOTAVAIL") throw error;
    const why = {
      EADDRINUSE: "is taken by another program",
      EACCES: "is not allowed to you",
      EADDRNOTAVAIL: "is not to be had: this computer does not have the address",
    }[code];
    yield {
      about: "port",
      status: "warns",
      detail: `${port} on ${hostname} ${why}`,
      fix: "Run: mcqueen settings set PORT 3002",
    };
  }
}

function* ofListener({ lan }: DaemonRecord): Generator<Finding> {
  if (!lan || lan.listening) return;
  const fix = lan.hint ?? "Run: mcqueen lan status";
  yield { about: "LAN", status: "warns", detail: lan.why, fix };
}

/** What phones believe the daemon by. */
export function* ofLan(settings: Settings, now: Date): Generator<Finding> {
  if (!isLanOn(settings) && settings.text("TLS") !== "on") return;
  const identity = readIdentity(settings.home.keys);
  const about = "certificate";
  if (!identity)
    return yield { about, status: "warns", detail: "there is none yet", fix: "Run: mcqueen daemon restart" };
  const leftMs = identity.endsAt.getTime() - now.getTime();
  const ends = identity.endsAt.toISOString().slice(0, 10);
  if (leftMs <= 0) yield { about, status: "fails", detail: `ended on ${ends}`, fix: "Run: mcqueen daemon restart" };
  else if (leftMs < 14 * dayMs)
    yield { about, status: "warns", detail: `ends on ${ends} and was not renewed`, fix: "Run: mcqueen daemon restart" };
  else yield { about, status: "works", detail: `good until ${ends}, and renewed before` };
}

export async function* ofProviders(app: App): AsyncGenerator<Finding> {
  const providers = await app.listProviders();
  const shut = providers.filter(({ state }) => state === "open" || state === "failing");
  for (const { name, state, open_until, last_error } of shut) {
    const how = state === "open" ? `is left alone until ${open_until}` : "failed the last time";
    const detail = `${name} ${how}: ${last_error?.reason}`;
    yield { about: "provider", status: "warns", detail, fix: "Run: mcqueen providers" };
  }
  const keyless = providers.filter(({ state }) => state === "no_key").length;
  const rest = providers.length - shut.length - keyless;
  if (shut.length < providers.length)
    yield { about: "providers", status: "works", detail: `${rest} may be asked, ${keyless} wait for a key` };
}

/** A clock that is behind what was written down has been set back. */
export async function* ofRecordedTime(app: App): AsyncGenerator<Finding> {
  const [last] = await app.audit.page({ userId: ownerId }, undefined, 1);
  const aheadS = last ? Math.round((last.at.getTime() - app.now().getTime()) / 1000) : 0;
  if (aheadS <= mostSkewS) return;
  yield {
    about: "clock",
    status: "fails",
    detail: `the history ends ${aheadS} s after now, so the clock was set back`,
    fix: "Set the clock, best by NTP: timedatectl set-ntp true",
  };
}

/** One request to a public service says whether the network works, and what time it is there. */
export async function* ofNetwork(app: App): AsyncGenerator<Finding> {
  const base = app.settings.text("WEATHER_BASE_URL") ?? "";
  const began = Date.now();
  let date: string | null;
  try {
    const answer = await fetch(base, { method: "HEAD", redirect: "manual", signal: AbortSignal.timeout(networkMs) });
    date = answer.headers.get("date");
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return yield {
      about: "network",
      status: "fails",
      detail: `${base} cannot be reached`,
      fix: "Check the connection, a proxy, or the setting WEATHER_BASE_URL.",
    };
  }
  yield { about: "network", status: "works", detail: `${base} answers after ${Date.now() - began} ms` };
  const theirs = date === null ? Number.NaN : Date.parse(date);
  if (Number.isNaN(theirs)) return;
  const skewS = Math.round((Date.now() - theirs) / 1000);
  yield Math.abs(skewS) <= mostSkewS
    ? { about: "clock", status: "works", detail: `within ${Math.abs(skewS)} s of the network's` }
    : {
        about: "clock",
        status: "fails",
        detail: `${Math.abs(skewS)} s ${skewS > 0 ? "ahead of" : "behind"} the network's, so logins will fail`,
        fix: "Set the clock, best by NTP: timedatectl set-ntp true",
      };
}
