import { existsSync } from "node:fs";
import { createLinked } from "./app-linked.ts";
import { completeLines, type ListedLine, type ListingLine } from "./core/listing-line.ts";
import { isForbidden } from "./core/restrictions.ts";
import { ownerId } from "./core/user.ts";
import { providers } from "./oauth/all.ts";
import type { Settings } from "./settings.ts";
import { openDatabase } from "./store/database.ts";
import { createGrantStore } from "./store/grant.ts";
import { createToolConfigStore } from "./store/tool-config.ts";
import { createUserStore, ensureOwner } from "./store/user.ts";

/** With one of these set, what a listing says rests on more than tools and the person's own choices. */
const guards = ["READ_ONLY", "TOOLS_ALLOW", "TOOLS_DENY", "MCP_TOOLS", "POLICY", "AGENT_WRITES"] as const;

/**
 * The owner's listing without the rest of the house, for the command that is typed most.
 * @param lines of all tools, as they are defined
 * @returns undefined where only the house can tell
 */
export async function listLines(settings: Settings, lines: () => ListingLine[]): Promise<ListedLine[] | undefined> {
  const { home, sandbox } = settings;
  if (sandbox || existsSync(home.secretsFile) || guards.some((name) => settings.everywhere(name).length > 0))
    return undefined;
  const database = openDatabase(home.database, { lockWaitMs: 5_000 });
  try {
    const { durable } = database;
    ensureOwner(durable, ownerId, new Date());
    const { linked } = createLinked({
      ...{ providers, settings, durable, standIns: {} },
      grants: createGrantStore(durable),
      setting: async (name) => settings.text(name as Parameters<Settings["text"]>[0]),
    });
    const [configs, services, user] = await Promise.all([
      createToolConfigStore(durable).all(ownerId),
      linked(ownerId),
      createUserStore(durable).find(ownerId),
    ]);
    return completeLines(lines(), configs, services, (id) => user !== undefined && isForbidden(user.restrictions, id));
  } finally {
    database.close();
  }
}
