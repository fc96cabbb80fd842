import { existsSync } from "node:fs";
import { join } from "node:path";
import { openAgentParts } from "./app-agents.ts";
import type { App } from "./app-interface.ts";
import { lazyAccounts, lazySuggest, lazyVault } from "./app-lazy.ts";
import { createLinked } from "./app-linked.ts";
import { openStores } from "./app-stores.ts";
import { loadRegistry, sandboxToolNames } from "./app-tools.ts";
import type { Adapter } from "./core/adapter.ts";
import { createApprovalDesk } from "./core/approval-desk.ts";
import { type AuditKind, who } from "./core/audit.ts";
import { bookingsOf } from "./core/booking.ts";
import type { Caller } from "./core/call.ts";
import { createConceal } from "./core/conceal.ts";
import { createDevices } from "./core/devices.ts";
import { AppError } from "./core/errors.ts";
import { executeTool, type Road } from "./core/execute.ts";
import type { OAuthProvider } from "./core/oauth-provider.ts";
import { createPairingDesk } from "./core/pairing-desk.ts";
import { createPeople } from "./core/people.ts";
import { createPlaceBook } from "./core/place-book.ts";
import { createPolicy } from "./core/policy.ts";
import { createPolicyBook } from "./core/policy-book.ts";
import { createRegistry } from "./core/registry.ts";
import { createRestrictions, noRestrictions } from "./core/restrictions.ts";
import { createSteps, type Steps } from "./core/steps.ts";
import { createToolbox } from "./core/toolbox.ts";
import { ownerId } from "./core/user.ts";
import { createWebhookDesk } from "./core/webhook-desk.ts";
import { readGuards } from "./guards.ts";
import { checkHealth } from "./health.ts";
import { takeLock } from "./lock.ts";
import { type Logger, silentLogger } from "./log.ts";
import { createLazyHttpClient } from "./net/lazy.ts";
import { providers as allProviders } from "./oauth/all.ts";
import type { Settings } from "./settings.ts";
import { createSecretSettings } from "./settings-secrets.ts";
import { definitionOf, isSettingName } from "./settings-table.ts";
import { createAnswerCache } from "./store/cache.ts";
import { openDatabase } from "./store/database.ts";
import type { Keychain } from "./store/keychain.ts";
import { ensureSecretFile } from "./store/secret-file.ts";
import { ensureOwner } from "./store/user.ts";
import { version } from "./version.ts";

export interface AppOptions {
  settings: Settings;
  log?: Logger;
  /** The only tool that will be called: no other service is loaded, and nobody may ask for all tools. */
  tool?: string;
  /** Stand in for parts of the house in tests. */
  adapters?: readonly Adapter[];
  providers?: readonly OAuthProvider[];
  steps?: Partial<Steps>;
  now?: () => Date;
  /** Milliseconds that a write waits for another process; 250 unless told. */
  lockWaitMs?: number;
  /** Where the vault's key may lie; the system's unless told. */
  keychain?: Keychain;
}

export type { App } from "./app-interface.ts";

/** Puts the parts together. The only place where they meet. */
export async function createApp(options: AppOptions): Promise<App> {
  const { settings } = options;
  const { home } = settings;
  const log = options.log ?? silentLogger;
  const now = options.now ?? (() => new Date());
  const registry = options.adapters
    ? createRegistry(options.adapters)
    : await loadRegistry(settings.sandbox, options.tool);
  const database = openDatabase(home.database, {
    onLoss: (error) => log.error("usage was not recorded", { error }),
    ...(options.lockWaitMs === undefined ? {} : { lockWaitMs: options.lockWaitMs }),
  });
  ensureOwner(database.durable, ownerId, now());
  const conceal = createConceal(settings.secrets.all);
  const stores = openStores(database, settings, conceal, now);
  const { users, configs, usage, audit, events } = stores;
  const sandbox = settings.sandbox ? await startStandIns(home.data) : undefined;
  if (sandbox) log.info("stand-ins answer", { url: new URL(sandbox.baseUrls.NOTES_BASE_URL ?? "").origin });
  const knowsTool = (id: string): boolean => Object.hasOwn(registry.names, id);
  const vault = lazyVault(async () => {
    const { buildVault } = await import("./vault.ts");
    return buildVault(settings, database.durable, now, options.keychain);
  });
  const secrets = createSecretSettings(settings, vault);
  if (existsSync(home.secretsFile)) await (await import("./vault.ts")).adoptSecretsFile(settings, secrets);
  // A list may name what the sandbox alone has.
  const sandboxOnly = await sandboxToolNames();
  const isDefined = (id: string): boolean => knowsTool(id) || Object.hasOwn(sandboxOnly, id);
  const { atLeast, agentWrites, agentTools, ...held } = readGuards(
    settings,
    isDefined,
    (name) => isDefined(name) || Object.values(registry.names).some((names) => names.includes(name)),
  );
  const restrictions = createRestrictions(
    held,
    async (userId) => (await users.find(userId))?.restrictions ?? noRestrictions,
  );
  const policy = createPolicy(stores.policyRules, atLeast, agentWrites);
  const places = createPlaceBook({
    ...stores,
    readFile: async (name, bytes) => (await import("./takeout/read-file.ts")).readPlaces(name, bytes),
    now,
  });
  const http = createLazyHttpClient({
    userAgent: `mcqueen/${version} (${settings.text("CONTACT_URL") ?? "personal use, no contact set"})`,
    now,
    cache: createAnswerCache(database),
    health: stores.health,
    pace: stores.pace,
  });
  const setting = async (name: string): Promise<string | undefined> => {
    const standIn = sandbox?.baseUrls[name];
    if (!isSettingName(name)) return standIn;
    // In the sandbox addresses are always the stand-ins', and keys are theirs unless the person has kept some there.
    return definitionOf(name).secret ? ((await secrets.read(name)) ?? standIn) : (standIn ?? settings.text(name));
  };
  const toolsChanged = (userId: string): Promise<void> =>
    events.append({ userId, kind: "tools.changed", data: {}, at: now() });
  const providers = options.providers ?? allProviders;
  const { linked, usersOf } = createLinked({
    ...{ providers, settings, setting },
    grants: stores.grants,
    standIns: sandbox?.baseUrls ?? {},
    durable: database.durable,
  });
  const record = async (by: Caller, kind: AuditKind, detail: string, subjectId?: string): Promise<void> => {
    const entry = { ...who(by), kind, at: now(), code: "ok" as const, detail };
    await audit.append(subjectId === undefined ? entry : { ...entry, subjectId });
  };
  const accounts = lazyAccounts(
    async () =>
      (await import("./oauth/accounts.ts")).createAccounts({
        ...stores,
        providers,
        registry,
        linked,
        vault,
        secrets: settings.secrets,
        http,
        setting,
        publicUrl: settings.text("PUBLIC_URL"),
        sandbox: settings.sandbox,
        async record(by, detail) {
          await audit.append({ ...who(by), kind: "account", at: now(), code: "ok", detail });
          await toolsChanged(by.userId);
        },
        report: (error) => log.error("a login failed unexpectedly", { error }),
      }),
    providers,
    linked,
  );
  const road: Road = {
    registry,
    configs,
    users,
    usage,
    restrictions,
    policy,
    steps: { ...createSteps(stores, accounts.connect), ...options.steps },
    http,
    setting,
    now,
    report: (defect, requestId) => log.error("a call failed unexpectedly", { request_id: requestId, error: defect }),
    sandbox: settings.sandbox,
    resources: ({ userId }, tool) => ({
      ...(tool.uses?.includes("places") ? { places: places.of(userId) } : {}),
      ...(tool.uses?.includes("bookings") ? { bookings: bookingsOf(stores.bookings, userId) } : {}),
      ...(tool.uses?.includes("messages") ? { messages: stores.messages.of(userId, tool.service) } : {}),
    }),
    conceal,
  };
  const localToken = (): string => ensureSecretFile(home.localToken, "mcq_l_");
  const jwtSecret = async (): Promise<string> =>
    checkJwtSecret(await secrets.read("JWT_SECRET")) ?? ensureSecretFile(join(home.keys, "jwt-secret"));
  const approvals = createApprovalDesk({
    ...stores,
    execute: (call) => executeTool(road, call),
    now,
    report: (error) => log.error("the outcome of an approval was not recorded", { error }),
  });
  const pairing = createPairingDesk({ ...stores, knowsTool, record });
  const people = createPeople({
    ...stores,
    knowsTool,
    now,
    verify: async (token, userId) =>
      (await import("./jwt.ts")).verifyLoginToken(token, await jwtSecret(), userId, now()),
    sign: async (userId, lifeS, lineage) =>
      (await import("./jwt.ts")).signLoginToken(userId, await jwtSecret(), now(), lifeS, lineage),
    limitOf: (by, effect) => policy.limit(by, effect),
    autoProvision: settings.flag("AUTH_AUTO_PROVISION"),
    localToken,
    record,
    withdraw: approvals.withdraw,
    toolsChanged,
    erase: audit.erase,
    unlink: (by, userId) => accounts.unlinkAll(by, userId),
  });
  const { clients, connectTickets } = openAgentParts(stores, knowsTool, record, approvals.withdraw, policy);
  const toolbox = createToolbox({
    ...stores,
    registry,
    restrictions,
    toolsChanged,
    linked: accounts.linked,
    kept: database.durable.kept,
    setting,
    now,
  });
  return {
    ...toolbox,
    settings,
    log,
    registry,
    now,
    async execute(call, waitMs = 0, isWelcome) {
      const outcome = await executeTool(road, call);
      if (outcome.ok || outcome.code !== "approval_required" || waitMs === 0) return outcome;
      return approvals.wait(call.caller.userId, String(outcome.metadata.approval_id), waitMs, {
        signal: call.signal,
        ...(isWelcome ? { isWelcome } : {}),
      });
    },
    interpret: lazySuggest(async () => {
      const { createSuggest } = await import("./core/interpret/suggest.ts");
      return createSuggest({
        ...stores,
        tools: registry.tools,
        listTools: toolbox.listTools,
        policy,
        restrictions,
        now,
      });
    }),
    people,
    devices: createDevices({ ...stores, withdraw: approvals.withdraw, record }),
    pairing,
    accounts,
    vault,
    secrets,
    clients,
    connectTickets,
    agents: { tools: agentTools, readOnly: held.readOnly },
    approvals,
    policy: createPolicyBook(stores.policyRules, atLeast, audit, knowsTool, now, agentWrites),
    places,
    audit,
    events,
    webhooks: createWebhookDesk({ ...stores, adapters: registry.adapters, setting, usersOf }),
    findUser: (userId) => users.find(userId),
    usage: (userId, since) => usage.summary(userId, since),
    health: () => checkHealth(database.durable, vault, home.data),
    localToken,
    requireSecrets: async () => void (await jwtSecret()),
    async tidy() {
      await stores.sessions.sweep(now());
      await stores.clients.sweep(now());
      await connectTickets.sweep();
      await approvals.tidy();
      await pairing.tidy();
      await stores.confirmations.sweep(now());
      await stores.idempotency.sweep(now());
      await events.sweep(now());
      await accounts.sweep();
      await stores.messages.sweep(new Date(now().getTime() - messagesKeptMs));
      await audit.prune(new Date(now().getTime() - settings.number("AUDIT_DAYS") * 24 * 60 * 60 * 1000));
    },
    takeDaemonLock: () => takeLock(`${home.run}/daemon.lock`),
    async close() {
      await accounts.close();
      database.close();
      await sandbox?.stop();
    },
  };
}

const messagesKeptMs = 400 * 24 * 60 * 60 * 1000;

async function startStandIns(data: string) {
  const { startSandbox } = await import("./sandbox/server.ts");
  return startSandbox({ folder: join(data, "stand-ins") });
}

function checkJwtSecret(given: string | undefined): string | undefined {
  if (given === undefined || Buffer.byteLength(given) >= 32) return given;
  throw new AppError("invalid_parameters", `JWT_SECRET has ${Buffer.byteLength(given)} bytes, and needs at least 32`, {
    hint: "Make a good one: openssl rand -base64 48 | mcqueen settings set JWT_SECRET -",
  });
}
