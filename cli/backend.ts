import type { ListedAccount, ListedLogin, ListedService, StartedLogin, Unlinked } from "../src/core/accounts.ts";
import type { ListedApproval } from "../src/core/approval-desk.ts";
import type { ListedClient, ListedClientRequest } from "../src/core/client.ts";
import type { ListedConfig } from "../src/core/configure.ts";
import type { ListedDevice, RevokedWith } from "../src/core/device.ts";
import type { HistoryQuery, ListedAudit, ListedUsage } from "../src/core/history-listing.ts";
import type { ListedProposal } from "../src/core/interpret/suggest.ts";
import type { ListedTool } from "../src/core/listing.ts";
import type { Envelope } from "../src/core/outcome.ts";
import type { ListedSession, ListedToken, ListedUser } from "../src/core/people-listing.ts";
import type { PlaceImport } from "../src/core/place-book.ts";
import type { ListedProvider } from "../src/core/provider-listing.ts";
import type { QuotaState } from "../src/core/quota.ts";
import type { ListedPlace, Tell } from "../src/core/saved-place.ts";
import type { Profile } from "../src/core/user.ts";

/** One execution as the command line asks for it. */
export interface Execution {
  tool: string;
  parameters: Record<string, unknown>;
  confirmations?: Record<string, unknown>;
  account?: string;
  dryRun?: boolean;
  idempotencyKey?: string;
  confirmationId?: string;
  /** Milliseconds to wait for an approval. */
  waitMs?: number;
  timeoutMs?: number;
  signal?: AbortSignal;
  progress?: (text: string) => void;
}

/** What may have been meant, best first, or what would help. */
export interface Understood {
  proposals: ListedProposal[];
  hint?: string;
}

/** Where commands do their work: in this process, or at a daemon over its REST API. Both speak the wire's shapes. */
export interface Backend {
  listTools(all: boolean): Promise<readonly ListedTool[]>;
  /** @throws AppError not_found */
  showTool(id: string): Promise<ListedTool>;
  /** The services behind the tools, and how they do. */
  listProviders(): Promise<ListedProvider[]>;
  /** What the words may mean; runs nothing. @throws AppError invalid_parameters */
  interpret(transcript: string): Promise<Understood>;
  execute(execution: Execution): Promise<Envelope>;
  readConfig(id: string): Promise<ListedConfig>;
  changeConfig(id: string, body: Record<string, unknown>): Promise<ListedConfig>;
  resetConfig(id: string): Promise<ListedConfig>;
  readProfile(): Promise<Profile>;
  changeProfile(patch: Record<string, unknown>): Promise<Profile>;
  places: PlaceBackend;
  people: PeopleBackend;
  devices: DeviceBackend;
  approvals: ApprovalBackend;
  accounts: AccountBackend;
  clients: ClientBackend;
  /** Newest first. */
  history(query: HistoryQuery): Promise<{ entries: ListedAudit[]; next_cursor: number | null }>;
  usage(since: string | undefined): Promise<{ usage: ListedUsage[]; quotas: ({ tool: string } & QuotaState)[] }>;
}

/** One's own saved places. */
export interface PlaceBackend {
  list(): Promise<ListedPlace[]>;
  add(body: Record<string, unknown>): Promise<ListedPlace>;
  /** @throws AppError not_found */
  change(id: string, body: Record<string, unknown>): Promise<ListedPlace>;
  /** @throws AppError not_found */
  remove(id: string): Promise<void>;
  /**
   * @param body the file's name, and its content in base64
   * @param tell hears of each place kept; of those at a daemon elsewhere it hears nothing
   */
  importFile(body: { name: string; content: string }, tell?: Tell): Promise<PlaceImport>;
}

/** Paired phones. */
export interface DeviceBackend {
  list(all: boolean): Promise<ListedDevice[]>;
  /** @throws AppError not_found */
  rename(id: string, name: string): Promise<ListedDevice>;
  /** Gives how many sessions and tokens ended with it. @throws AppError not_found */
  revoke(id: string): Promise<RevokedWith>;
}

/** Calls that wait for a person. */
export interface ApprovalBackend {
  list(all: boolean): Promise<ListedApproval[]>;
  /** @throws AppError not_found */
  show(id: string): Promise<ListedApproval>;
  /** Gives what the call led to. */
  approve(id: string): Promise<Envelope>;
  deny(id: string): Promise<void>;
  /** What came of it, after waiting so long at most. */
  outcome(id: string, waitMs: number): Promise<Envelope>;
}

/** Accounts at services, and logging in to them. */
export interface AccountBackend {
  list(): Promise<ListedAccount[]>;
  services(): Promise<ListedService[]>;
  startLogin(service: string, body: Record<string, unknown>): Promise<StartedLogin>;
  login(id: string, waitMs: number): Promise<ListedLogin>;
  paste(id: string, url: string): Promise<ListedLogin>;
  cancelLogin(id: string): Promise<void>;
  giveToken(service: string, body: Record<string, unknown>): Promise<ListedAccount>;
  change(account: string, body: Record<string, unknown>): Promise<ListedAccount>;
  unlink(service: string, account: string | undefined): Promise<Unlinked[]>;
}

/** Programs that log in by themselves. */
export interface ClientBackend {
  list(): Promise<ListedClient[]>;
  /** @throws AppError not_found, conflict */
  request(number: string): Promise<ListedClientRequest>;
  allow(number: string, limits: Record<string, unknown>): Promise<ListedClientRequest>;
  deny(number: string): Promise<void>;
  change(id: string, limits: Record<string, unknown>): Promise<ListedClient>;
  revoke(id: string): Promise<void>;
}

/** The same for users, sessions and API tokens. */
export interface PeopleBackend {
  listUsers(): Promise<ListedUser[]>;
  addUser(body: Record<string, unknown>): Promise<ListedUser>;
  changeUser(id: string, body: Record<string, unknown>): Promise<ListedUser>;
  /** @param confirmedId the id as the person read it back @throws AppError confirmation_required */
  removeUser(id: string, confirmedId: string | undefined): Promise<void>;
  loginToken(id: string, body: Record<string, unknown>): Promise<string>;
  listSessions(all: boolean): Promise<ListedSession[]>;
  endSession(id: string): Promise<void>;
  listTokens(): Promise<ListedToken[]>;
  createToken(body: Record<string, unknown>): Promise<{ secret: string; token: ListedToken }>;
  revokeToken(id: string): Promise<void>;
}
