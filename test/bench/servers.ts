import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { startSandbox } from "../../src/sandbox/server.ts";

/** A server under measurement. */
export interface Served {
  name: string;
  pid: number;
  port: number;
  stop(): Promise<void>;
}

/** Installs the peers in a folder of their own, by their own lockfile. Gives where each of their files lies. */
export async function installPeers(folder: string): Promise<(file: string) => string> {
  const peers = join(folder, "peers");
  cpSync(join(import.meta.dir, "peers"), peers, { recursive: true });
  await quietly([process.execPath, "install", "--frozen-lockfile"], { cwd: peers, env: process.env });
  return (file) => join(peers, file);
}

/** Starts a server that says its port on its first line. */
export async function serve(
  name: string,
  command: string[],
  env: Record<string, string | undefined> = process.env,
): Promise<Served> {
  const child = Bun.spawn(command, { env, stdin: "ignore", stdout: "pipe", stderr: "inherit" });
  const reader = child.stdout.getReader();
  let said = "";
  while (!said.includes("\n")) {
    const { done, value } = await reader.read();
    if (done) throw new Error(`${name} ended before it served`);
    said += new TextDecoder().decode(value);
  }
  reader.releaseLock();
  return {
    name,
    pid: child.pid,
    port: Number(said.trim()),
    async stop() {
      child.kill();
      await child.exited;
    },
  };
}

export interface Mcqueen extends Served {
  /** A session of the owner. */
  session: string;
  /** A token for a program, with all tools. */
  token: string;
  folder: string;
}

/** The product as its users run it: the compiled daemon, its upstreams on loopback. */
export async function serveMcqueen(binary: string, folder: string): Promise<Mcqueen> {
  mkdirSync(folder, { recursive: true });
  const sandbox = await startSandbox({ folder: join(folder, "stand-ins") });
  const env = {
    PATH: process.env.PATH ?? "",
    HOME: folder,
    MCQUEEN_HOME: join(folder, "home"),
    PORT: "0",
    RATE_LIMIT_SESSION_MAX: "1000000000",
    RATE_LIMIT_MAX: "1000000000",
    WEATHER_BASE_URL: sandbox.baseUrls.WEATHER_BASE_URL ?? "",
  };
  const run = (...words: string[]): Promise<string> => quietly([binary, ...words], { env });
  const { data } = JSON.parse(await run("daemon", "start", "--json")) as { data: { pid: number; url: string } };
  const stop = async (): Promise<void> => {
    await run("daemon", "stop");
    await sandbox.stop();
  };
  try {
    const loginToken = (await run("users", "token", "owner")).trim();
    const response = await fetch(`${data.url}/api/v1/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ user_id: "owner", auth_token: loginToken }),
    });
    const { session } = (await response.json()) as { session: { session_id: string } };
    const made = JSON.parse(await run("tokens", "create", "bench", "--json")) as { secret?: string; data?: unknown };
    const token = /mcq_t_[\w-]+/.exec(JSON.stringify(made))?.[0] ?? "";
    const { port } = new URL(data.url);
    return { name: "mcqueen", pid: data.pid, port: Number(port), session: session.session_id, token, folder, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Runs a command to its end and gives its stdout. @throws Error with its stderr */
async function quietly(
  command: string[],
  options: { cwd?: string; env: Record<string, string | undefined> },
): Promise<string> {
  const child = Bun.spawn(command, { ...options, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [text, said] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  if ((await child.exited) !== 0) throw new Error(`${command.join(" ")}: ${text}${said}`);
  return text;
}

/** Keeps bytes for a peer to send. */
export function keep(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
