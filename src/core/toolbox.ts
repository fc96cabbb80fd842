import { type AuditKind, type AuditStore, who } from "./audit.ts";
import type { Caller } from "./call.ts";
import {
  configureTool,
  type Exported,
  exportConfigs,
  importConfigs,
  type ListedConfig,
  listConfig,
  updateProfile,
} from "./configure.ts";
import { AppError } from "./errors.ts";
import { type ListedTool, listTool } from "./listing.ts";
import type { ProviderHealthStore } from "./provider-health.ts";
import { type ListedProvider, listProviders, listToolProviders, type ProviderFacts } from "./provider-listing.ts";
import { type QuotaState, type QuotaStore, readQuota } from "./quota.ts";
import type { Registry } from "./registry.ts";
import type { Restrictions } from "./restrictions.ts";
import type { Tool } from "./tool.ts";
import type { ToolConfig, ToolConfigStore } from "./tool-config.ts";
import type { Profile, UserStore } from "./user.ts";

/** Tools as a user sees and sets them. Changes are recorded with who made them. */
export interface Toolbox {
  /**
   * Sorted by priority, then name. Without `all`, only what the user could run without a login first.
   * The same array until something in it changes.
   */
  listTools(userId: string, options?: { all?: boolean }): Promise<readonly ListedTool[]>;
  /** @throws AppError not_found */
  showTool(userId: string, toolId: string): Promise<ListedTool>;
  /** How the services behind the tools do. */
  listProviders(): Promise<ListedProvider[]>;
  readConfig(userId: string, toolId: string): Promise<ListedConfig>;
  /** @throws AppError invalid_parameters */
  changeConfig(by: Caller, toolId: string, body: unknown): Promise<ListedConfig>;
  resetConfig(by: Caller, toolId: string): Promise<ListedConfig>;
  exportConfigs(userId: string): Promise<Exported>;
  /** @throws AppError invalid_parameters; then nothing is stored */
  importConfigs(by: Caller, given: unknown): Promise<{ tools: number; profile: boolean }>;
  readProfile(userId: string): Promise<Profile>;
  changeProfile(by: Caller, patch: unknown): Promise<Profile>;
}

export interface ToolboxParts {
  registry: Registry;
  configs: ToolConfigStore;
  users: UserStore;
  quotas: QuotaStore;
  audit: AuditStore;
  restrictions: Restrictions;
  /** Tells a person's other programs that their list of tools is another now. */
  toolsChanged(userId: string): Promise<void>;
  health: ProviderHealthStore;
  /** A setting's value, as tools would get it. @throws AppError where it cannot be opened */
  setting(name: string): Promise<string | undefined>;
  /** The services that a user has linked. */
  linked(userId: string): Promise<ReadonlySet<string>>;
  /** What `read` gave, until anything is stored that it may rest on. */
  kept<T>(key: string, read: () => T): T;
  now(): Date;
}

export function createToolbox(parts: ToolboxParts): Toolbox {
  const { registry, configs, users, quotas, audit, restrictions, linked, now } = parts;
  const describe = async (
    userId: string,
    tool: Tool,
    services: ReadonlySet<string>,
    config?: ToolConfig,
    quota?: QuotaState,
  ): Promise<ListedTool> => {
    const isLinked = services.has(tool.authService ?? "");
    const listed = listTool(tool, config, isLinked, quota);
    const hint = await restrictions.forbids(userId, tool.id);
    return hint ? { ...listed, status: "disabled", hint } : listed;
  };
  const providerFacts = async (tools: readonly Tool[]): Promise<ProviderFacts> => {
    const names = new Set(
      tools.filter(({ providers }) => providers).flatMap((tool) => registry.adapterOf(tool).config ?? []),
    );
    const config: Record<string, string | undefined> = {};
    const unreadable = new Set<string>();
    for (const name of names) {
      try {
        config[name] = await parts.setting(name);
      } catch (error) {
        // A listing is for finding out what is wrong, so a vault that does not open must not stop it.
        if (!(error instanceof AppError)) throw error;
        unreadable.add(name);
      }
    }
    return { config, unreadable, health: await parts.health.all(), now: now() };
  };
  const record = async (by: Caller, kind: AuditKind, detail: string, toolId?: string): Promise<void> => {
    await audit.append({ ...who(by), kind, at: now(), code: "ok", detail, ...(toolId ? { toolId } : {}) });
  };
  const list = async (userId: string, all: boolean, states: ReadonlyMap<string, QuotaState | undefined>) => {
    const own = await configs.all(userId);
    const services = await linked(userId);
    const listed = await Promise.all(
      registry.tools.map((tool) => describe(userId, tool, services, own.get(tool.id), states.get(tool.id))),
    );
    return listed
      .filter((tool) => all || tool.status !== "needs_login")
      .sort((a, b) => a.user_priority - b.user_priority || (a.id < b.id ? -1 : 1));
  };
  return {
    async listTools(userId, { all = false } = {}) {
      // A quota comes back by the clock alone, so it is asked for each time.
      const states = new Map<string, QuotaState | undefined>();
      for (const tool of registry.tools)
        if (tool.quotaPerHour !== undefined) states.set(tool.id, await readQuota(quotas, userId, tool, now()));
      const left = Array.from(states.values(), (state) => `${state?.remaining} ${state?.reset_at}`);
      const slot = parts.kept(
        `tools ${all} ${left.join()} ${userId}`,
        (): { listed?: Promise<readonly ListedTool[]> } => ({}),
      );
      slot.listed ??= list(userId, all, states).catch((error: unknown) => {
        delete slot.listed;
        throw error;
      });
      return slot.listed;
    },
    async showTool(userId, toolId) {
      const tool = registry.find(toolId);
      const config = await configs.get(userId, tool.id);
      const quota = await readQuota(quotas, userId, tool, now());
      const listed = await describe(userId, tool, await linked(userId), config, quota);
      if (!tool.providers) return listed;
      const providers = listToolProviders(tool, config.customSettings, await providerFacts([tool]));
      return { ...listed, providers };
    },
    listProviders: async () => listProviders(registry.tools, await providerFacts(registry.tools)),
    async readConfig(userId, toolId) {
      const tool = registry.find(toolId);
      return listConfig(tool, await configs.get(userId, tool.id));
    },
    async changeConfig(by, toolId, body) {
      const config = await configureTool(configs, registry.find(toolId), by.userId, body);
      await record(by, "config", `changed ${Object.keys(body as object).join(", ")}`, toolId);
      if ("enabled" in (body as object)) await parts.toolsChanged(by.userId);
      return config;
    },
    async resetConfig(by, toolId) {
      const tool = registry.find(toolId);
      await configs.reset(by.userId, tool.id);
      await record(by, "config", "reset", toolId);
      await parts.toolsChanged(by.userId);
      return listConfig(tool, await configs.get(by.userId, tool.id));
    },
    exportConfigs: (userId) => exportConfigs(configs, users, userId),
    async importConfigs(by, given) {
      const done = await importConfigs(configs, users, registry.find, by.userId, given);
      await record(by, "config", `imported ${done.tools} tools${done.profile ? " and the profile" : ""}`);
      if (done.tools > 0) await parts.toolsChanged(by.userId);
      return done;
    },
    readProfile: (userId) => users.profile(userId),
    async changeProfile(by, patch) {
      const profile = await updateProfile(users, by.userId, patch);
      await record(by, "profile", `changed ${Object.keys(patch as object).join(", ")}`);
      return profile;
    },
  };
}
