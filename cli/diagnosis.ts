import type { App } from "../src/app.ts";
import type { ListedAccount } from "../src/core/accounts.ts";
import { AppError } from "../src/core/errors.ts";
import { missingScopes } from "../src/core/oauth-provider.ts";
import { ownerId } from "../src/core/user.ts";
import { readStatus } from "../src/daemon/control.ts";
import { version } from "../src/version.ts";
import type { Cli } from "./cli.ts";

export interface Finding {
  about: string;
  status: "works" | "warns" | "fails";
  detail: string;
  /** The command that mends it, or what to do. */
  fix?: string;
}

const networkMs = 4_000;
const mostSkewS = 30;
const dayMs = 24 * 60 * 60_000;
/** When the end of a login is worth a warning; Google's may last no longer than a week. */
const soonMs = (provider: string): number => (provider === "google" ? 3 : 7) * dayMs;

/** Looks at everything that may keep mcqueen from working, the foundations first. */
export async function* diagnose(cli: Cli, offline: boolean): AsyncGenerator<Finding> {
  const opened = await attempt("settings", () => cli.settings());
  if ("fault" in opened) return yield opened.fault;
  const settings = opened.value;
  yield { about: "settings", status: "works", detail: `read from ${settings.home.configFile} and the environment` };
  const house = await attempt("database", () => cli.app());
  if ("fault" in house) return yield house.fault;
  const app = house.value;
  yield* ofDatabase(app);
  yield* ofVault(app);
  yield* ofDaemon(app);
  // The sandbox needs no network.
  if (!offline && !settings.sandbox) yield* ofNetwork(app);
  yield* ofAccounts(app, offline);
  if (!settings.sandbox) yield* ofWebhooks(app);
}

/** What services send us has to find the way here, and to be believed. */
async function* ofWebhooks(app: App): AsyncGenerator<Finding> {
  const url = app.settings.text("PUBLIC_URL");
  for (const { id, name, missing, isWanted } of await app.webhooks.list()) {
    if (!isWanted) continue;
    const about = `webhook ${id}`;
    const address = `${(url ?? "https://<your address>").replace(/\/$/, "")}/webhooks/${id}`;
    if (missing.length > 0) {
      const fix = `Run: ${missing.map((each) => `mcqueen settings set ${each} -`).join(" and ")}`;
      yield { about, status: "warns", detail: `${name} cannot tell of messages: ${missing.join(", ")} not set`, fix };
    } else if (url === undefined || !url.startsWith("https:")) {
      yield {
        about,
        status: "warns",
        detail: `${name} reaches public https addresses only, and PUBLIC_URL is ${url ?? "not set"}`,
        fix: `Give the daemon an address by a tunnel or a proxy, run mcqueen settings set PUBLIC_URL https://…, and enter ${address} at the service.`,
      };
    } else yield { about, status: "works", detail: `${name} is to call ${address}` };
  }
}

async function attempt<T>(about: string, work: () => Promise<T>): Promise<{ value: T } | { fault: Finding }> {
  try {
    return { value: await work() };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return {
      fault: {
        about,
        status: "fails",
        detail: error.message,
        ...(error.hint === undefined ? {} : { fix: error.hint }),
      },
    };
  }
}

async function* ofDatabase(app: App): AsyncGenerator<Finding> {
  const { checks } = await app.health();
  const path = app.settings.home.database;
  yield checks.database === "ok"
    ? { about: "database", status: "works", detail: path }
    : { about: "database", status: "fails", detail: `${path} does not answer`, fix: "Run: mcqueen daemon logs" };
  if (checks.disk !== "ok")
    yield { about: "disk", status: "fails", detail: `less than 20 MiB are free for ${path}`, fix: "Free some space." };
}

async function* ofVault(app: App): AsyncGenerator<Finding> {
  const keys = await app.vault.keys();
  const current = keys.find((key) => key.current);
  if (!current)
    return yield { about: "vault", status: "works", detail: "empty; its key is made with the first secret" };
  const { readable, unreadable } = await app.vault.check();
  const place = `key ${current.id} from the ${current.backend}`;
  if (unreadable.length === 0) yield { about: "vault", status: "works", detail: `${readable} secrets open, ${place}` };
  for (const { service, account, why } of unreadable)
    yield {
      about: "vault",
      status: "fails",
      detail: `${service} ${account}: ${why}`,
      fix: "Run: mcqueen vault status",
    };
  if (keys.length > 1)
    yield { about: "vault", status: "warns", detail: "a rotation has not ended", fix: "Run: mcqueen vault rotate" };
}

async function* ofDaemon(app: App): AsyncGenerator<Finding> {
  const { running, record } = await readStatus(app.settings.home);
  if (!running) {
    yield {
      about: "daemon",
      status: "works",
      detail: "not running, and no command needs it",
      fix: "Run: mcqueen daemon start",
    };
  } else if (record && record.version !== version) {
    yield {
      about: "daemon",
      status: "warns",
      detail: `runs version ${record.version}, and this is ${version}`,
      fix: "Run: mcqueen daemon restart",
    };
  } else yield { about: "daemon", status: "works", detail: `pid ${record?.pid} at ${record?.url}` };
}

/** One request to a public service says whether the network works, and what time it is there. */
async function* ofNetwork(app: App): AsyncGenerator<Finding> {
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

async function* ofAccounts(app: App, offline: boolean): AsyncGenerator<Finding> {
  const accounts = await app.accounts.list(ownerId);
  if (accounts.length === 0)
    return yield { about: "accounts", status: "works", detail: "none linked", fix: "Run: mcqueen login google" };
  const problems = new Map<string, string | undefined>();
  if (!offline) for (const { account, problem } of await app.accounts.check(ownerId)) problems.set(account.id, problem);
  for (const account of await app.accounts.list(ownerId)) {
    yield ofAccount(app, account, problems.get(account.id));
    yield* ofScopes(app, account);
  }
}

/** What a person did not allow is no fault, but explains why something asks for a login. */
function* ofScopes(app: App, account: ListedAccount): Generator<Finding> {
  const provider = app.accounts.providers.find(({ id }) => id === account.provider);
  for (const { id, scopes } of provider?.services ?? []) {
    if (!provider || !account.services.includes(id)) continue;
    const missing = missingScopes(provider, account.scopes, scopes);
    if (missing.length === 0) continue;
    const names = missing.map((scope) => scope.replace(/^.*\//, "")).join(", ");
    yield {
      about: `account ${account.account}`,
      status: "warns",
      detail: `${id} was not allowed: ${names}`,
      fix: `Run: mcqueen login ${id} --account ${account.account}`,
    };
  }
}

function ofAccount(app: App, account: ListedAccount, problem: string | undefined): Finding {
  const about = `account ${account.account}`;
  const fix = `Run: mcqueen login ${account.provider} --account ${account.account}`;
  if (account.status === "ended" || problem !== undefined) {
    return {
      about,
      status: "fails",
      detail: problem ?? `ended: ${account.reason ?? "the provider renews it no more"}`,
      fix,
    };
  }
  const left = account.expires_at === null ? undefined : Date.parse(account.expires_at) - app.now().getTime();
  if (left !== undefined) {
    const when = left <= 0 ? "has ended" : `ends in ${inWords(left)}`;
    const why = `${when} (${account.expires_at?.slice(0, 16)}Z)`;
    const advice =
      account.provider === "google" ? "\nPublish the Google app, for in status Testing logins last 7 days." : "";
    if (left < soonMs(account.provider)) return { about, status: "warns", detail: why, fix: fix + advice };
    return { about, status: "works", detail: `${account.services.join(", ")}; ${why}` };
  }
  return { about, status: "works", detail: account.services.join(", ") };
}

const inWords = (ms: number): string => {
  const hours = Math.ceil(ms / 3_600_000);
  return hours > 48 ? `${Math.floor(hours / 24)} days` : `${hours} hours`;
};
