import { type Static, Type } from "@sinclair/typebox";
import type { Caller } from "./call.ts";
import type { Connection } from "./connection.ts";
import type { Grant, LoginFlow } from "./grant.ts";
import type { OAuthProvider } from "./oauth-provider.ts";
import type { Checked } from "./steps.ts";

const Alias = Type.String({ minLength: 1, maxLength: 100, format: "alias", description: "Your name for the account" });

export const StartLoginBody = Type.Object(
  {
    mode: Type.Optional(
      Type.Union([Type.Literal("loopback"), Type.Literal("registered"), Type.Literal("paste")], {
        description: "How the browser comes back; chosen for you unless told",
      }),
    ),
    account: Type.Optional(Alias),
    actions: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
        minItems: 1,
        maxItems: 20,
        description: "Ask only for what these actions need",
      }),
    ),
  },
  { additionalProperties: false },
);
export type StartLoginBody = Static<typeof StartLoginBody>;

export const PasteBody = Type.Object(
  {
    url: Type.String({
      minLength: 1,
      maxLength: 8_192,
      description: "The whole address on which the browser ended",
    }),
  },
  { additionalProperties: false },
);

export const TokenBody = Type.Object(
  {
    token: Type.String({ minLength: 1, maxLength: 8_192, description: "A token made at the provider's console" }),
    account: Type.Optional(Alias),
  },
  { additionalProperties: false },
);

export const ChangeAccountBody = Type.Object(
  {
    account: Type.Optional(Alias),
    default: Type.Optional(Type.Literal(true, { description: "Use this one where none is named" })),
  },
  { additionalProperties: false, minProperties: 1 },
);

/** An account as listings show it; field names are the wire's. */
export interface ListedAccount {
  id: string;
  provider: string;
  account: string;
  label: string | null;
  services: readonly string[];
  scopes: readonly string[];
  default: boolean;
  status: "ok" | "ended";
  /** Why it ended, as the provider said it. */
  reason?: string;
  linked_at: string;
  refreshed_at: string | null;
  /** When the provider ends it by itself. */
  expires_at: string | null;
}

/** A login under way, or what became of it. */
export interface ListedLogin {
  id: string;
  provider: string;
  services: readonly string[];
  mode: string;
  status: "pending" | "done" | "failed" | "cancelled" | "expired";
  expires_at: string;
  account?: ListedAccount;
  /** What was asked for and not given. */
  missing_scopes?: readonly string[];
  error?: string;
  error_code?: string;
  hint?: string;
}

export interface StartedLogin extends ListedLogin {
  /** The address to open in a browser. */
  url: string;
}

export interface ListedService {
  service: string;
  name: string;
  provider: string;
  linked: boolean;
  scopes: readonly string[];
  accounts: ListedAccount[];
}

/** What a browser is told at the end of a login. */
export interface CallbackVerdict {
  ok: boolean;
  title: string;
  text: string;
}

export interface LoginWait {
  ms: number;
  signal?: AbortSignal;
  /** Asked now and then: whether the caller still may. */
  isWelcome?(): Promise<boolean>;
}

/** A person's accounts at services: logging in, looking, unlinking, and opening one for a call. */
export interface Accounts {
  providers: readonly OAuthProvider[];
  services(userId: string): Promise<ListedService[]>;
  list(userId: string): Promise<ListedAccount[]>;
  /** The services that a call could use now. */
  linked(userId: string): Promise<ReadonlySet<string>>;
  /** @param name a service or a provider @throws AppError not_found, not_configured, invalid_parameters */
  startLogin(by: Caller, name: string, body: unknown): Promise<StartedLogin>;
  /** How a login stands, after waiting for its end. @throws AppError not_found, unauthenticated */
  login(userId: string, id: string, wait?: LoginWait): Promise<ListedLogin>;
  /** Does nothing to a login that has ended, or whose code is being traded. @throws AppError not_found */
  cancelLogin(by: Caller, id: string): Promise<void>;
  /** Finishes a login by the address on which the browser ended. @throws AppError */
  paste(by: Caller, id: string, body: unknown): Promise<ListedLogin>;
  /** Finishes a login by the registered redirect. Whatever goes wrong is told in the verdict. */
  callback(provider: string, query: URLSearchParams): Promise<CallbackVerdict>;
  /** Links an account by a token that was made at the provider. @throws AppError */
  giveToken(by: Caller, name: string, body: unknown): Promise<ListedAccount>;
  /** @throws AppError not_found, conflict */
  change(by: Caller, account: string, body: unknown): Promise<ListedAccount>;
  /**
   * Stops the use of a service or a whole provider; the grant is revoked when its last service goes.
   * @throws AppError not_found
   */
  unlink(by: Caller, name: string, account?: string): Promise<Unlinked[]>;
  /** Revokes and forgets all that a user has. */
  unlinkAll(by: Caller, userId: string): Promise<void>;
  /** The login step of the road. @throws AppError auth_required, not_found */
  connect(checked: Checked): Promise<Connection>;
  /** Renews each account's token where that is due, asks about one that cannot be renewed, and tells how it went. */
  check(userId: string): Promise<{ account: ListedAccount; problem: string | undefined }[]>;
  sweep(): Promise<void>;
  close(): Promise<void>;
}

export interface Unlinked {
  provider: string;
  account: string;
  services: readonly string[];
  /** Undefined while other services still use the grant; false when the provider could not be told. */
  revoked?: boolean;
  manage_url?: string;
}

export const listAccount = (grant: Grant): ListedAccount => ({
  id: grant.id,
  provider: grant.provider,
  account: grant.alias,
  label: grant.label ?? null,
  services: grant.services,
  scopes: grant.scopes,
  default: grant.isDefault,
  status: grant.broken ? "ended" : "ok",
  ...(grant.broken ? { reason: grant.broken.reason } : {}),
  linked_at: grant.createdAt.toISOString(),
  refreshed_at: grant.refreshedAt?.toISOString() ?? null,
  expires_at: grant.expiresAt?.toISOString() ?? null,
});

export function listLogin(flow: LoginFlow, now: Date, account: ListedAccount | undefined): ListedLogin {
  const isOver = (flow.status === "pending" || flow.status === "exchanging") && flow.expiresAt <= now;
  const { failure } = flow;
  return {
    id: flow.id,
    provider: flow.provider,
    services: flow.services,
    mode: flow.mode,
    status: isOver ? "expired" : flow.status === "exchanging" ? "pending" : flow.status,
    expires_at: flow.expiresAt.toISOString(),
    ...(account ? { account } : {}),
    ...(failure
      ? { error: failure.message, error_code: failure.code, ...(failure.hint ? { hint: failure.hint } : {}) }
      : {}),
  };
}
