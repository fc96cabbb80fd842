import { Database } from "bun:sqlite";
import { join } from "node:path";
import { ownerId } from "../../src/core/user.ts";
import { openDatabase } from "../../src/store/database.ts";
import { createMessageStore } from "../../src/store/message.ts";
import { ensureOwner } from "../../src/store/user.ts";
import { binary, run } from "./binary.ts";
import { contact, type Kept, number, type Shown, secret, type Traffic } from "./webhook-traffic.ts";

const limits = { RATE_LIMIT_MAX: "1000000000", RATE_LIMIT_SESSION_MAX: "1000000000" };
const databaseOf = (home: string): string => join(home, "data", "mcqueen.db");

/** The compiled daemon with a WhatsApp number, its secrets in the vault. @param prepare runs once the home is there */
export async function serveWebhooks(home: string, prepare?: () => Promise<void>) {
  if (prepare) {
    const settings = {
      WHATSAPP_APP_SECRET: secret,
      WHATSAPP_VERIFY_TOKEN: "webhook-load-word",
      WHATSAPP_API_TOKEN: "EAAWebhookLoadToken",
      WHATSAPP_PHONE_NUMBER_ID: number,
    };
    for (const [name, value] of Object.entries(settings)) {
      const { exit, err } = await run(["settings", "set", name, "-"], { home, stdin: value });
      if (exit !== 0) throw new Error(err);
    }
    await prepare();
  }
  const child = Bun.spawn([await binary(), "serve", "--port", "0", "--ready-fd", "3"], {
    env: { PATH: process.env.PATH ?? "", HOME: home, MCQUEEN_HOME: home, VAULT_KEY: "file", TZ: "UTC", ...limits },
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const descriptor = child.stdio[3];
  if (typeof descriptor !== "number") throw new Error("no pipe to be ready by");
  const { ready, failed } = JSON.parse(await Bun.file(descriptor).text());
  if (!ready) throw new Error(failed?.message);
  return {
    url: ready.url as string,
    async kill(): Promise<void> {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

/** Keeps the messages that statuses will tell of, as `send` does. */
export async function keepOutgoing(home: string, { outgoing }: Traffic): Promise<void> {
  const database = openDatabase(databaseOf(home));
  ensureOwner(database.durable, ownerId, new Date());
  const at = new Date(Date.now() - 7_200_000);
  const messages = outgoing.map((id) => ({
    id,
    account: number,
    contact,
    direction: "out" as const,
    kind: "text",
    at,
  }));
  await createMessageStore(database.durable).of(ownerId, "whatsapp").add(messages);
  database.close();
}

export function lookIntoDatabase(home: string): Kept {
  const sqlite = new Database(databaseOf(home), { readwrite: true, create: false });
  try {
    sqlite.run("PRAGMA busy_timeout = 5000");
    const all = <T>(sql: string): T[] => sqlite.query(sql).all() as T[];
    const ids = (sql: string): string[] => all<{ id: string }>(sql).map(({ id }) => id);
    return {
      messages: ids("SELECT id FROM messages WHERE direction = 'in'"),
      announced: ids("SELECT data ->> 'message_id' AS id FROM events WHERE kind = 'message.received'"),
      statuses: new Map(
        all<{ id: string; rank: number }>("SELECT message_id AS id, rank FROM message_statuses").map(({ id, rank }) => [
          id,
          rank,
        ]),
      ),
    };
  } finally {
    sqlite.close();
  }
}

/** All messages, page by page, as a client sees them. */
export async function readAll(url: string, home: string): Promise<Shown[]> {
  const token = (await run(["daemon", "token"], { home })).out.trim();
  const shown: Shown[] = [];
  let page: string | undefined;
  do {
    const answer = await fetch(`${url}/api/v1/mcp/tools/whatsapp_personal/execute`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ parameters: { action: "read", limit: 100, ...(page ? { page } : {}) } }),
    });
    const { success, data, error } = (await answer.json()) as {
      success: boolean;
      data: { messages: Shown[]; next_page?: string };
      error?: string;
    };
    if (!success) throw new Error(error);
    shown.push(...data.messages);
    page = data.next_page;
  } while (page !== undefined);
  return shown;
}
