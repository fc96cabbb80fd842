import { existsSync } from "node:fs";
import type { App } from "../src/app.ts";
import type { ListedAccount } from "../src/core/accounts.ts";
import { AppError } from "../src/core/errors.ts";
import { missingScopes } from "../src/core/oauth-provider.ts";
import { shellWord } from "../src/core/shell-word.ts";
import { ownerId } from "../src/core/user.ts";
import type { Settings } from "../src/settings.ts";
import { definitionOf, type SettingName, settingsTable } from "../src/settings-table.ts";
import type { Cli } from "./cli.ts";
import { ofDaemon, ofLan, ofNetwork, ofProviders, ofRecordedTime } from "./diagnosis-doors.ts";
import { ofBackups, ofDatabase, ofDisk, ofFiles } from "./diagnosis-files.ts";
import { ofWebhooks } from "./diagnosis-webhooks.ts";
import type { Finding } from "./finding.ts";

const dayMs = 24 * 60 * 60_000;
/** When the end of a login is worth a warning; Google's may last no longer than a week. */
const soonMs = (provider: string): number => (provider === "google" ? 3 : 7) * dayMs;

/** Looks at everything that may keep mcqueen from working, the foundations first. */
export async function* diagnose(cli: Cli, offline: boolean): AsyncGenerator<Finding> {
  const opened = await attempt("settings", () => cli.settings());
  if ("fault" in opened) return yield opened.fault;
  const settings = opened.value;
  const now = new Date();
  const { configFile } = settings.home;
  const source = existsSync(configFile) ? `${configFile} and the environment` : `the environment; no ${configFile} yet`;
  yield { about: "settings", status: "works", detail: `read from ${source}` };
  yield* ofOpenSecrets(settings);
  yield* ofFiles(settings.home);
  yield* ofDisk(settings.home);
  // What does not need the database is looked at also when it does not open.
  const house = await attempt("database", () => cli.app());
  const app = "value" in house ? house.value : undefined;
  if ("fault" in house) yield house.fault;
  else yield* ofDatabase(settings.home);
  if (!settings.sandbox) yield* ofBackups(settings.home, now);
  if (app) yield* ofVault(app);
  yield* ofDaemon(settings);
  yield* ofLan(settings, now);
  if (!app) return;
  // The sandbox needs no network.
  if (!offline && !settings.sandbox) yield* ofNetwork(app);
  yield* ofRecordedTime(app);
  yield* ofProviders(app);
  yield* ofAccounts(app, offline);
  if (!settings.sandbox) yield* ofWebhooks(app);
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

function* ofOpenSecrets({ home, isKept }: Settings): Generator<Finding> {
  for (const name of Object.keys(settingsTable) as SettingName[]) {
    if (!definitionOf(name).secret || definitionOf(name).keptElsewhere || !isKept(name)) continue;
    yield {
      about: `setting ${name}`,
      status: "warns",
      detail: `a secret that lies readable in ${home.configFile}`,
      fix: `Run: mcqueen settings set ${name} - (it goes into the vault, and out of the file)`,
    };
  }
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
      fix: `Run: mcqueen login ${id} --account ${shellWord(account.account)}`,
    };
  }
}

function ofAccount(app: App, account: ListedAccount, problem: string | undefined): Finding {
  const about = `account ${account.account}`;
  const fix = `Run: mcqueen login ${account.provider} --account ${shellWord(account.account)}`;
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
