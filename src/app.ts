import { statfsSync } from "node:fs";
import { join } from "node:path";
import { adapters as allAdapters } from "./adapters/all.ts";
import type { Adapter } from "./core/adapter.ts";
import type { Call } from "./core/call.ts";
import { configureTool, type ListedConfig, listConfig, updateProfile } from "./core/configure.ts";
import { AppError } from "./core/errors.ts";
import { executeTool, type Road } from "./core/execute.ts";
import { type ListedTool, listTool } from "./core/listing.ts";
import type { Outcome } from "./core/outcome.ts";
import { createPeople, type People } from "./core/people.ts";
import { defaultPolicy } from "./core/policy.ts";
import { createRegistry, type Registry } from "./core/registry.ts";
import { createRestrictions } from "./core/restrictions.ts";
import { closedSteps, type Steps } from "./core/steps.ts";
import type { UsageSummary } from "./core/usage.ts";
import { ownerId, type Profile, type User } from "./core/user.ts";
import { type Logger, silentLogger } from "./log.ts";
import { createLazyHttpClient } from "./net/lazy.ts";
import type { Settings } from "./settings.ts";
import { isSettingName } from "./settings-table.ts";
import { createApiTokenStore } from "./store/api-token.ts";
import { createAnswerCache } from "./store/cache.ts";
import { openDatabase } from "./store/database.ts";
import { type Lock, takeLock } from "./store/lock.ts";
import { ensureSecretFile } from "./store/secret-file.ts";
import { createSessionStore } from "./store/session.ts";
import { createToolConfigStore } from "./store/tool-config.ts";
import { createUsageStore } from "./store/usage.ts";
import { createUserStore, ensureOwner } from "./store/user.ts";
import { version } from "./version.ts";

export interface AppOptions {
  settings: Settings;
  log?: Logger;
  /** Stand in for parts of the house in tests. */
  adapters?: readonly Adapter[];
  steps?: Partial<Steps>;
  now?: () => Date;
}

export interface Health {
  ok: boolean;
  checks: { database: "ok" | "failing"; disk: "ok" | "full" };
}

/** The whole program behind its entrances. */
export interface App {
  settings: Settings;
  log: Logger;
  registry: Registry;
  now(): Date;
  /** The one road. Never throws. */
  execute(call: Call): Promise<Outcome>;
  /** Sorted by priority, then name. Without `all`, only what the user could run after logging in where needed. */
  listTools(userId: string, options?: { all?: boolean }): Promise<ListedTool[]>;
  /** @throws AppError not_found */
  showTool(userId: string, toolId: string): Promise<ListedTool>;
  readConfig(userId: string, toolId: string): Promise<ListedConfig>;
  changeConfig(userId: string, toolId: string, body: unknown): Promise<ListedConfig>;
  resetConfig(userId: string, toolId: string): Promise<ListedConfig>;
  readProfile(userId: string): Promise<Profile>;
  changeProfile(userId: string, patch: unknown): Promise<Profile>;
  findUser(userId: string): Promise<User | undefined>;
  usage(userId: string, since: Date): Promise<UsageSummary[]>;
  health(): Health;
  people: People;
  /** The bearer token of this computer's user. */
  localToken(): string;
  /** @throws AppError invalid_parameters when JWT_SECRET is too short */
  requireSecrets(): void;
  /** Undefined while another daemon serves this database. */
  takeDaemonLock(): Lock | undefined;
  close(): Promise<void>;
}

const leastFreeBytes = 20 * 1024 * 1024;

/** Puts the parts together. The only place where they meet. */
export async function createApp(options: AppOptions): Promise<App> {
  const { settings } = options;
  const { home } = settings;
  const log = options.log ?? silentLogger;
  const now = options.now ?? (() => new Date());
  const registry = createRegistry(options.adapters ?? allAdapters);
  const database = openDatabase(home.database, (error) => log.error("usage was not recorded", { error }));
  ensureOwner(database.durable, ownerId, now());
  const users = createUserStore(database.durable);
  const configs = createToolConfigStore(database.durable);
  const usage = createUsageStore(database);
  const sandbox = settings.sandbox ? await startStandIns() : undefined;

  const setting = (name: string): string | undefined => {
    const standIn = sandbox?.baseUrls[name];
    if (standIn) return standIn;
    return isSettingName(name) ? settings.text(name) : undefined;
  };
  const contact = settings.text("CONTACT_URL");
  const road: Road = {
    registry,
    configs,
    users,
    usage,
    restrictions: createRestrictions({
      readOnly: settings.flag("READ_ONLY"),
      allow: settings.list("TOOLS_ALLOW"),
      deny: settings.list("TOOLS_DENY"),
    }),
    policy: defaultPolicy,
    steps: { ...closedSteps, ...options.steps },
    http: createLazyHttpClient({
      userAgent: `mcqueen/${version} (${contact ?? "personal use, no contact set"})`,
      now,
      cache: createAnswerCache(database),
    }),
    setting,
    now,
    report: (defect, requestId) => log.error("a call failed unexpectedly", { request_id: requestId, error: defect }),
    sandbox: settings.sandbox,
  };

  const localToken = (): string => ensureSecretFile(home.localToken, "mcq_l_");
  const jwtSecret = (): string => {
    const given = settings.text("JWT_SECRET");
    if (given === undefined) return ensureSecretFile(join(home.keys, "jwt-secret"));
    if (Buffer.byteLength(given) >= 32) return given;
    throw new AppError(
      "invalid_parameters",
      `JWT_SECRET has ${Buffer.byteLength(given)} bytes, and needs at least 32`,
      {
        hint: "Make a good one: openssl rand -base64 48 | mcqueen settings set JWT_SECRET -",
      },
    );
  };
  const people = createPeople({
    users,
    sessions: createSessionStore(database),
    tokens: createApiTokenStore(database),
    knowsTool: (id) => registry.tools.some((tool) => tool.id === id),
    now,
    verify: async (token, userId) => (await import("./jwt.ts")).verifyLoginToken(token, jwtSecret(), userId, now()),
    sign: async (userId, lifeS) => (await import("./jwt.ts")).signLoginToken(userId, jwtSecret(), now(), lifeS),
    autoProvision: settings.flag("AUTH_AUTO_PROVISION"),
    localToken,
  });

  const show = async (userId: string, toolId: string): Promise<ListedTool> => {
    const tool = registry.find(toolId);
    return listTool(tool, await configs.get(userId, tool.id));
  };
  return {
    settings,
    log,
    registry,
    now,
    execute: (call) => executeTool(road, call),
    async listTools(userId, { all = false } = {}) {
      const own = await configs.all(userId);
      return registry.tools
        .map((tool) => listTool(tool, own.get(tool.id)))
        .filter((tool) => all || tool.status !== "needs_login")
        .sort((a, b) => a.user_priority - b.user_priority || a.id.localeCompare(b.id));
    },
    showTool: show,
    async readConfig(userId, toolId) {
      const tool = registry.find(toolId);
      return listConfig(tool, await configs.get(userId, tool.id));
    },
    async changeConfig(userId, toolId, body) {
      return configureTool(configs, registry.find(toolId), userId, body);
    },
    async resetConfig(userId, toolId) {
      const tool = registry.find(toolId);
      await configs.reset(userId, tool.id);
      return listConfig(tool, await configs.get(userId, tool.id));
    },
    readProfile: (userId) => users.profile(userId),
    changeProfile: (userId, patch) => updateProfile(users, userId, patch),
    findUser: (userId) => users.find(userId),
    usage: (userId, since) => usage.summary(userId, since),
    health: () => checkHealth(database.durable, home.data),
    people,
    localToken,
    requireSecrets: () => void jwtSecret(),
    takeDaemonLock: () => takeLock(`${home.run}/daemon.lock`),
    async close() {
      database.close();
      await sandbox?.stop();
    },
  };
}

async function startStandIns() {
  const { startSandbox } = await import("./sandbox/server.ts");
  return startSandbox({});
}

function checkHealth(connection: { get(sql: string): unknown }, folder: string): Health {
  const passes = (check: () => boolean): boolean => {
    try {
      return check();
    } catch {
      return false;
    }
  };
  const database = passes(() => connection.get("SELECT id FROM users LIMIT 1") !== undefined);
  const disk = passes(() => {
    const { bavail, bsize } = statfsSync(folder);
    return bavail * bsize > leastFreeBytes;
  });
  return { ok: database && disk, checks: { database: database ? "ok" : "failing", disk: disk ? "ok" : "full" } };
}
