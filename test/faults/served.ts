import { Database } from "bun:sqlite";
import { join } from "node:path";
import { isAlive } from "../../src/daemon/control.ts";
import { ensureSecretFile } from "../../src/store/secret-file.ts";
import { binary } from "../support/binary.ts";

export interface Answer {
  /** 0 when no answer came. */
  status: number;
  headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  json: any;
  ms: number;
}

export interface Served {
  pid: number;
  url: string;
  /** From the start of the process to its word that it is ready. */
  readyMs: number;
  send(method: string, path: string, body?: unknown, bearer?: string): Promise<Answer>;
  /** By SIGTERM; gives the exit code. */
  stop(): Promise<number | null>;
  kill(): Promise<void>;
}

export interface ServeOptions {
  env?: Record<string, string>;
  /** Words that run the program: `faketime -f +9h`. */
  under?: readonly string[];
  /** Where the daemon sees its home, when that is another place for us: what leads to it. */
  homeSeen?: (pid: number) => string;
}

const neverLimited = { RATE_LIMIT_MAX: "1000000000", RATE_LIMIT_SESSION_MAX: "1000000000", LOGIN_RATE_MAX: "1000000" };

export const environmentOf = (home: string, env: Record<string, string> = {}): Record<string, string> => ({
  PATH: process.env.PATH ?? "",
  HOME: home,
  MCQUEEN_HOME: home,
  VAULT_KEY: "file",
  TZ: "UTC",
  LOG_LEVEL: "warn",
  ...neverLimited,
  ...env,
});

/** The compiled daemon on a home. @throws Error with what it said when it does not start */
export async function serve(home: string, options: ServeOptions = {}): Promise<Served> {
  const program = [...(options.under ?? []), await binary()];
  const began = performance.now();
  const child = Bun.spawn([...program, "serve", "--port", "0", "--ready-fd", "3"], {
    env: environmentOf(home, options.env),
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  const descriptor = child.stdio[3];
  if (typeof descriptor !== "number") throw new Error("no ready pipe");
  // Up to its one line, and not to the end: whoever runs the program for us may hold the pipe open.
  let text = "";
  for await (const bytes of Bun.file(descriptor).stream()) {
    text += new TextDecoder().decode(bytes);
    if (/\}$/.test(text)) break;
  }
  const readyMs = performance.now() - began;
  const message = text === "" ? {} : JSON.parse(text);
  if (!message.ready) throw new Error(message.failed?.message ?? (await child.stderr.text()));
  const { pid, url } = message.ready as { pid: number; url: string };
  const token = ensureSecretFile(join(options.homeSeen?.(pid) ?? home, "keys", "local-token"), "mcq_l_");
  return {
    pid,
    url,
    readyMs,
    send: (method, path, body, bearer = token) => send(`${url}${path}`, method, body, bearer),
    async stop() {
      process.kill(pid, "SIGTERM");
      return child.exited;
    },
    async kill() {
      process.kill(pid, "SIGKILL");
      await child.exited;
      while (isAlive(pid)) await Bun.sleep(1);
    },
  };
}

async function send(url: string, method: string, body: unknown, bearer: string): Promise<Answer> {
  const began = performance.now();
  const headers = {
    ...(bearer === "" ? {} : { authorization: `Bearer ${bearer}` }),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
  };
  try {
    const response = await fetch(url, {
      method,
      headers,
      signal: AbortSignal.timeout(60_000),
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.includes("json") && text !== "";
    const ms = performance.now() - began;
    return { status: response.status, headers: response.headers, json: isJson ? JSON.parse(text) : undefined, ms };
  } catch (error) {
    // A daemon that was killed answers nothing: that is no acknowledgement.
    if (!(error instanceof Error)) throw error;
    return { status: 0, headers: new Headers(), json: undefined, ms: performance.now() - began };
  }
}

export const databaseOf = (home: string): string => join(home, "data", "mcqueen.db");

/** Reads the database of a home as SQLite has it. */
export function look<T>(path: string, read: (sqlite: Database) => T): T {
  const sqlite = new Database(path, { readwrite: true, create: false });
  try {
    sqlite.run("PRAGMA busy_timeout = 5000");
    return read(sqlite);
  } finally {
    sqlite.close();
  }
}

/** Of the users who were acknowledged: those who are not there, and those whose line in the history is not. */
export function lostOf(path: string, acknowledged: Iterable<string>): { lost: string[]; torn: string[] } {
  return look(path, (sqlite) => {
    const column = (sql: string): Set<string> =>
      new Set((sqlite.query(sql).all() as { name: string }[]).map(({ name }) => name));
    const users = column("SELECT id AS name FROM users");
    const recorded = column("SELECT subject_id AS name FROM audit WHERE kind = 'user' AND subject_id IS NOT NULL");
    const all = [...acknowledged];
    return { lost: all.filter((id) => !users.has(id)), torn: all.filter((id) => !recorded.has(id)) };
  });
}

/** What SQLite finds wrong with the file; nothing of a sound one. */
export const damageOf = (path: string): string[] =>
  look(path, (sqlite) =>
    (sqlite.query("PRAGMA integrity_check").all() as object[]).map((row) => String(Object.values(row)[0])),
  ).filter((word) => word !== "ok");
