/** What a provider allows us in a person's name. Its tokens lie in the vault. */
export interface Grant {
  id: string;
  userId: string;
  provider: string;
  /** The person's name for the account. */
  alias: string;
  subject: string | undefined;
  label: string | undefined;
  scopes: readonly string[];
  /** The services that may use it. */
  services: readonly string[];
  isDefault: boolean;
  createdAt: Date;
  refreshedAt: Date | undefined;
  /** When the provider ends it, where it says so. */
  expiresAt: Date | undefined;
  broken: { at: Date; reason: string } | undefined;
}

export interface GrantTokens {
  accessToken: string;
  refreshToken?: string;
  /** Milliseconds since the epoch; absent for a token that does not expire. */
  expiresAt?: number;
}

export interface GrantStore {
  list(userId: string, provider?: string): Promise<Grant[]>;
  find(id: string): Promise<Grant | undefined>;
  /** Whether anyone has another grant of the same account: what one revokes, all lose. */
  isShared(grant: Pick<Grant, "provider" | "subject"> & { id?: string }): Promise<boolean>;
  /** The users with a grant of this account that their use of the service rests on. */
  usersOf(provider: string, subject: string, service: string): Promise<string[]>;
  /** Makes it, or replaces what is known of it. The first of a provider becomes its default. */
  put(grant: Grant): Promise<void>;
  change(id: string, patch: Partial<Pick<Grant, "scopes" | "services" | "refreshedAt" | "expiresAt">>): Promise<void>;
  markBroken(id: string, reason: string, at: Date): Promise<void>;
  setDefault(userId: string, provider: string, id: string): Promise<void>;
  /** @throws AppError conflict when the alias is taken */
  rename(id: string, alias: string): Promise<void>;
  /** Another account becomes the default, where this one was. */
  remove(id: string): Promise<boolean>;
}

export type LoginStatus = "pending" | "exchanging" | "done" | "failed" | "cancelled";

/** A login that somebody began. Its state and verifier are known to the browser and the vault only. */
export interface LoginFlow {
  id: string;
  userId: string;
  provider: string;
  services: readonly string[];
  alias: string | undefined;
  /** What was asked for. */
  scopes: readonly string[];
  mode: string;
  redirectUri: string;
  status: LoginStatus;
  failure: LoginFailure | undefined;
  grantId: string | undefined;
  createdAt: Date;
  expiresAt: Date;
}

export interface LoginFailure {
  code: string;
  message: string;
  hint?: string;
}

export interface LoginFlowStore {
  /** Older pending ones of the user beyond so many are cancelled. */
  open(flow: LoginFlow, stateHash: string, mostPending: number): Promise<void>;
  find(id: string): Promise<LoginFlow | undefined>;
  byState(stateHash: string): Promise<LoginFlow | undefined>;
  /** True for exactly one of many callers: pending, and not expired. */
  take(id: string, now: Date): Promise<boolean>;
  settle(
    id: string,
    status: "done" | "failed" | "cancelled",
    result: { failure?: LoginFailure; grantId?: string },
  ): Promise<void>;
  /** Forgets what has been over for a while. Gives the ids. */
  sweep(before: Date): Promise<{ id: string; userId: string }[]>;
}

/** A lock between processes that frees itself. */
export interface LeaseStore {
  /** @param ms how long it lasts at most */
  take(name: string, holder: string, now: Date, ms: number): Promise<boolean>;
  release(name: string, holder: string): Promise<void>;
}

export const loginLifeMs = 10 * 60_000;

/** The services that a call could use now. */
export async function linkedServices(grants: GrantStore, userId: string): Promise<ReadonlySet<string>> {
  const own = await grants.list(userId);
  return new Set(own.filter(({ broken }) => !broken).flatMap(({ services }) => services));
}
