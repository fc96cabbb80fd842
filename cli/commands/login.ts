import { readFileSync } from "node:fs";
import type { ListedLogin, StartedLogin } from "../../src/core/accounts.ts";
import { AppError, codes, type ErrorCode } from "../../src/core/errors.ts";
import { shellWord } from "../../src/core/shell-word.ts";
import type { AccountBackend } from "../backend.ts";
import type { Cli } from "../cli.ts";
import { askHidden, askUntil } from "../confirm.ts";
import { Exit } from "../exit.ts";
import { openUrl } from "../open-url.ts";
import { createLineReader } from "../piped-lines.ts";
import { sanitiseLine } from "../sanitise.ts";
import type { Define } from "../verbs.ts";

interface LoginOptions {
  account?: string;
  action?: string[];
  manual?: true;
  browser: boolean;
  clientFile?: string;
  token?: true;
}

export const define: Define = (command, cli) => {
  command
    .argument("<service>", "a service such as gmail, or a provider such as google for all its services")
    .option("--account <name>", "your name for the account, where you have several")
    .option("--action <action>", "ask only for what this action needs; may be repeated", collect)
    .option("--manual", "come back by hand: paste the address on which the browser ended")
    .option("--no-browser", "print the address and open nothing")
    .option("--client-file <file>", "first keep the client id and secret from the file of the provider's console")
    .option("--token", "read a token made at the provider's console from stdin")
    .addHelpText("after", examples)
    .action((service: string, options: LoginOptions) => login(cli(), service, options));
};

const collect = (value: string, before: string[] = []): string[] => [...before, value];

const lookMs = 20_000;

async function login(cli: Cli, service: string, options: LoginOptions): Promise<void> {
  if (options.clientFile !== undefined) {
    const { keepClient } = await import("../client-file.ts");
    await keepClient(cli, service, options.clientFile);
  }
  const { accounts } = await cli.backend();
  const named = options.account === undefined ? {} : { account: options.account };
  if (options.token) return giveToken(cli, accounts, service, named);
  const started = await accounts.startLogin(service, {
    ...named,
    ...(options.action ? { actions: options.action } : {}),
    ...(options.manual ? { mode: "paste" } : {}),
  });
  const onInterrupt = (): void => void leave(accounts, started.id);
  process.once("SIGINT", onInterrupt);
  try {
    await showAddress(cli, started, options);
    report(
      cli,
      started.mode === "paste" ? await pasted(cli, accounts, started) : await comeBack(cli, accounts, started),
    );
  } catch (error) {
    if (error instanceof Exit) await accounts.cancelLogin(started.id);
    throw error;
  } finally {
    process.off("SIGINT", onInterrupt);
  }
}

/** Ctrl-C while nobody is asked for a line. */
async function leave(accounts: AccountBackend, id: string): Promise<void> {
  try {
    await accounts.cancelLogin(id);
  } finally {
    process.exit(130);
  }
}

async function showAddress(cli: Cli, { url, mode }: StartedLogin, options: LoginOptions): Promise<void> {
  const { out } = cli;
  if (options.browser && mode !== "paste") {
    try {
      await openUrl(url);
      out.tell(`Your browser opens. If it does not, go to:\n\n  ${url}\n`);
      return;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      out.tell(`${error.message}.`);
    }
  }
  out.tell(`Open this address in a browser:\n\n  ${url}\n`);
}

/** Waits for the browser to come back; meanwhile the address may also be pasted, should it have been another computer's. */
async function comeBack(cli: Cli, accounts: AccountBackend, { id, mode }: StartedLogin): Promise<ListedLogin> {
  const over = new AbortController();
  const waiting = (async () => {
    for (;;) {
      const now = await accounts.login(id, lookMs);
      if (now.status !== "pending") return now;
    }
  })().finally(() => over.abort());
  if (!cli.out.interactive || mode !== "loopback") {
    cli.out.note("Waiting for the browser…");
    return waiting;
  }
  waiting.catch(() => undefined);
  cli.out.tell("If the browser ends on a page that does not load, paste its address here.");
  while (!over.signal.aborted) {
    const line = await askUntil("", over.signal);
    if (line) await tryPaste(cli, accounts, id, line);
    else if (line === "") {
      cli.out.note("Waiting for the browser…");
      break;
    }
  }
  return waiting;
}

/** Nothing but an address that is not the right one is asked for again. */
async function tryPaste(
  cli: Cli,
  accounts: AccountBackend,
  id: string,
  line: string,
): Promise<ListedLogin | undefined> {
  try {
    return await accounts.paste(id, line);
  } catch (error) {
    if (!(error instanceof AppError) || !["not_found", "invalid_parameters"].includes(error.code)) throw error;
    // Under --json stdout is for the end alone.
    if (cli.out.json) cli.out.tell([error.message, error.hint].join("\n"));
    else cli.out.fail(error);
    return undefined;
  }
}

async function pasted(cli: Cli, accounts: AccountBackend, { id }: StartedLogin): Promise<ListedLogin> {
  cli.out.tell("At its end the browser shows a page that does not load. Copy the whole address of that page.");
  const lines = cli.out.interactive ? undefined : createLineReader();
  for (;;) {
    const line = lines ? await lines.next() : await askUntil("Paste it here: ", new AbortController().signal);
    if (!line) {
      await accounts.cancelLogin(id);
      throw new AppError("usage", "The address of that page never came from stdin, so the login was cancelled", {
        hint: "Run it in a terminal, or keep its stdin open until you have the address.",
      });
    }
    const done = await tryPaste(cli, accounts, id, line);
    if (done) return done;
  }
}

async function giveToken(cli: Cli, accounts: AccountBackend, service: string, named: object): Promise<void> {
  const token = (cli.out.interactive ? await askHidden("Token: ") : readFileSync(0, "utf8")).trim();
  if (token === "") {
    throw new AppError("usage", "No token came from stdin", {
      hint: `Run: mcqueen login ${shellWord(service)} --token < token.txt`,
    });
  }
  const account = await accounts.giveToken(service, { token, ...named });
  cli.out.data(
    { success: true, account, metadata: {} },
    () => `Linked ${account.services.join(", ")} as ${sanitiseLine(account.account)}.`,
  );
}

function report(cli: Cli, login: ListedLogin): void {
  const { status, account } = login;
  if (status === "done" && account) {
    const missing = login.missing_scopes ?? [];
    cli.out.data({ success: true, login, metadata: {} }, () =>
      sanitiseLine(
        `${cli.global.sandbox ? "SANDBOX " : ""}Linked ${account.services.join(", ")} of ${account.label ?? account.account} as ${account.account}.`,
      ),
    );
    if (missing.length > 0) {
      cli.out.note(
        `Not allowed: ${missing.map((scope) => scope.replace(/^.*\//, "")).join(", ")}. What needs it will ask you to log in again.`,
      );
    }
    return;
  }
  if (status === "failed") {
    const code = login.error_code ?? "";
    const known: ErrorCode = Object.hasOwn(codes, code) ? (code as ErrorCode) : "upstream_rejected";
    throw new AppError(known, login.error ?? "The login failed", login.hint === undefined ? {} : { hint: login.hint });
  }
  if (status === "cancelled") throw new AppError("declined", "The login was cancelled, so nothing was linked");
  throw new AppError("timeout", "Nobody finished the login in time", {
    hint: `Begin again: mcqueen login ${login.provider}`,
  });
}

const examples = `
Examples:
  mcqueen login google --client-file ~/Downloads/client_secret.json
  mcqueen login gmail --account work
  mcqueen login gmail --manual`;
