import type { AgentParts } from "./app-agents.ts";
import type { Accounts } from "./core/accounts.ts";
import type { ApprovalDesk } from "./core/approval-desk.ts";
import type { AuditStore } from "./core/audit.ts";
import type { Call } from "./core/call.ts";
import type { Devices } from "./core/devices.ts";
import type { EventStore } from "./core/event.ts";
import type { Suggest } from "./core/interpret/suggest.ts";
import type { Outcome } from "./core/outcome.ts";
import type { PairingDesk } from "./core/pairing-desk.ts";
import type { People } from "./core/people.ts";
import type { PlaceBook } from "./core/place-book.ts";
import type { PolicyBook } from "./core/policy-book.ts";
import type { Registry } from "./core/registry.ts";
import type { Toolbox } from "./core/toolbox.ts";
import type { UsageSummary } from "./core/usage.ts";
import type { User } from "./core/user.ts";
import type { Vault } from "./core/vault.ts";
import type { WebhookDesk } from "./core/webhook-desk.ts";
import type { Health } from "./health.ts";
import type { Lock } from "./lock.ts";
import type { Logger } from "./log.ts";
import type { Settings } from "./settings.ts";
import type { SecretSettings } from "./settings-secrets.ts";

/** The whole program behind its entrances. */
export interface App extends Toolbox, AgentParts {
  settings: Settings;
  log: Logger;
  registry: Registry;
  now(): Date;
  /**
   * The one road.
   * @param waitMs how long a call that needs an approval waits for it
   * @param isWelcome asked while it waits: whether the caller still may
   * @throws AppError unauthenticated while it waits, and nothing else
   */
  execute(call: Call, waitMs?: number, isWelcome?: () => Promise<boolean>): Promise<Outcome>;
  /** What a person may have meant by their words; runs and stores nothing. @throws AppError invalid_parameters */
  interpret: Suggest;
  people: People;
  /** Paired phones. */
  devices: Devices;
  pairing: PairingDesk;
  /** A person's accounts at services. */
  accounts: Accounts;
  /** What agents are shown: only these tools, and no write. An empty list means all. */
  agents: { tools: readonly string[]; readOnly: boolean };
  vault: Vault;
  /** Settings that are secrets. */
  secrets: SecretSettings;
  approvals: ApprovalDesk;
  policy: PolicyBook;
  places: PlaceBook;
  audit: AuditStore;
  events: EventStore;
  /** What services send us. */
  webhooks: WebhookDesk;
  findUser(userId: string): Promise<User | undefined>;
  usage(userId: string, since: Date): Promise<UsageSummary[]>;
  health(): Promise<Health>;
  /** The bearer token of this computer's user. */
  localToken(): string;
  /** @throws AppError invalid_parameters when JWT_SECRET is too short */
  requireSecrets(): Promise<void>;
  /** Sweeps what has expired. The daemon does it now and then. */
  tidy(): Promise<void>;
  /** Undefined while another daemon serves this database. */
  takeDaemonLock(): Lock | undefined;
  close(): Promise<void>;
}
