import { type Static, Type } from "@sinclair/typebox";
import { type ApiToken, ApiTokenBody } from "./api-token.ts";
import type { AuditKind } from "./audit.ts";
import { type Caller, lineageOf } from "./call.ts";
import { AppError, invalidParameters } from "./errors.ts";
import { cameOfRevoked, type Identity, type IdentityParts, identify } from "./identity.ts";
import { openSession } from "./open-session.ts";
import { checkBody, printable } from "./parameters.ts";
import { type Decision, stricter } from "./policy.ts";
import { noRestrictions } from "./restrictions.ts";
import { hashSecret, makeId, makeSecret } from "./secret.ts";
import { defaultClientType, type Session } from "./session.ts";
import { ownerId, type User, UserBody, UserPatch } from "./user.ts";

export const LoginBody = Type.Object(
  {
    user_id: Type.String({ format: "user-id" }),
    auth_token: Type.String({ minLength: 1, maxLength: 8_192 }),
    client_type: Type.Optional(Type.String({ pattern: "^[A-Za-z0-9 ._/-]{1,64}$", default: defaultClientType })),
  },
  { additionalProperties: false },
);

export const LoginTokenBody = Type.Object(
  {
    expires_in_s: Type.Optional(
      Type.Integer({ minimum: 60, maximum: 86_400, default: 3_600, description: "Seconds until it expires" }),
    ),
  },
  { additionalProperties: false },
);

export interface PeopleParts extends IdentityParts {
  knowsTool(id: string): boolean;
  /** Checks a login token and says what to burn. @throws AppError unauthenticated */
  verify(
    token: string,
    userId: string,
  ): Promise<{ key: string; expiresAt: Date; mustExist: boolean; lineage: string[] }>;
  sign(userId: string, lifeS: number, lineage: readonly string[]): Promise<string>;
  /** What the maker of a token may do itself, with any tool. */
  limitOf(by: Caller, effect: "write" | "destructive"): Promise<Decision>;
  autoProvision: boolean;
  /** Writes what was changed into the audit, durably. */
  record(by: Caller, kind: AuditKind, detail: string, subject?: string): Promise<void>;
  /** Says no to all that waits for an approval and goes back to a credential. */
  withdraw(by: Caller, credentialId: string): Promise<void>;
  /** Takes away what the audit holds of a user. */
  erase(userId: string): Promise<void>;
  /** Tells a user's programs that their list of tools is another now. */
  toolsChanged(userId: string): Promise<void>;
  /** Gives a user's accounts back to their services. */
  unlink(by: Caller, userId: string): Promise<void>;
}

/** Users, their sessions and their tokens. Secrets come out once, when they are made. */
export interface People {
  /** Who a bearer is, looked up anew each time, so that a revoked one ends at once. */
  identify(bearer: string): Promise<Identity | undefined>;
  /** @throws AppError unauthenticated, the same for every reason; invalid_parameters */
  logIn(body: unknown): Promise<{ session: Session; secret: string }>;
  logOut(by: Caller, secret: string): Promise<boolean>;
  sessions(userId?: string): Promise<Session[]>;
  /** @throws AppError not_found, also for another user's session unless an admin asks */
  endSession(by: Caller, id: string): Promise<void>;
  users(): Promise<User[]>;
  /** @throws AppError not_found */
  user(id: string): Promise<User>;
  addUser(by: Caller, body: unknown): Promise<User>;
  /** @throws AppError conflict for the last admin and the owner */
  changeUser(by: Caller, id: string, body: unknown): Promise<User>;
  /** @throws AppError confirmation_required unless the id was read back, conflict for the last admin and the owner */
  removeUser(by: Caller, id: string, confirmed: unknown): Promise<void>;
  /** A login token for `POST /auth/login`, good for one login. */
  loginToken(by: Caller, id: string, body: unknown): Promise<{ token: string; lifeS: number }>;
  tokens(userId: string): Promise<ApiToken[]>;
  createToken(by: Caller, body: unknown): Promise<{ token: ApiToken; secret: string }>;
  revokeToken(by: Caller, id: string): Promise<void>;
}

export function createPeople(parts: PeopleParts): People {
  const { users, sessions, tokens } = parts;
  const find = async (id: string): Promise<User> => {
    const user = await users.find(id);
    if (user) return user;
    throw new AppError("not_found", `User ${id} not found`, { hint: "Run: mcqueen users list" });
  };
  return {
    identify: (bearer) => identify(parts, bearer),
    async logIn(body) {
      const given = checkBody(LoginBody, body) as Static<typeof LoginBody>;
      const proof = await parts.verify(given.auth_token, given.user_id);
      const now = parts.now();
      const known = await users.find(given.user_id);
      if (await cameOfRevoked(parts.devices, proof.lineage)) throw invalidLogin();
      const mayAppear = parts.autoProvision && !proof.mustExist;
      if (!(known || mayAppear) || !(await sessions.burn(proof.key, proof.expiresAt))) throw invalidLogin();
      const user =
        known ??
        (await users.ensure({ id: given.user_id, role: "member", createdAt: now, restrictions: noRestrictions }));
      const made = { clientType: given.client_type ?? defaultClientType, lineage: proof.lineage };
      const { session, secret, by } = await openSession(sessions, user, made, now);
      await parts.record(by, "login", `session ${session.id} of ${session.clientType}${known ? "" : ", a new user"}`);
      return { session, secret };
    },
    async logOut(by, secret) {
      const ended = await sessions.endByHash(hashSecret(secret));
      if (ended) await parts.record(by, "session", `logged out of ${ended.id}`);
      return ended !== undefined;
    },
    sessions: (userId) => sessions.list(parts.now(), userId),
    async endSession(by, id) {
      requireOwnSession(by, id);
      const known = await sessions.list(parts.now(), by.role === "admin" ? undefined : by.userId);
      if (!known.some((session) => session.id === id) || !(await sessions.end(id))) {
        throw new AppError("not_found", `There is no session ${id}`, { hint: "Run: mcqueen sessions list" });
      }
      await parts.record(by, "session", `ended ${id}`);
    },
    users: () => users.list(),
    user: find,
    async addUser(by, body) {
      const { id, role = "member" } = checkBody(UserBody, body) as Static<typeof UserBody>;
      const user: User = { id, role, createdAt: parts.now(), restrictions: noRestrictions };
      await users.create(user);
      await parts.record(by, "user", `added ${id} as ${role}`, id);
      return user;
    },
    async changeUser(by, id, body) {
      const { role, read_only, tools_allow, tools_deny } = checkBody(UserPatch, body) as Static<typeof UserPatch>;
      if (role === "member") refuseOwner(id);
      requireTools(parts, "tools_allow", tools_allow);
      requireTools(parts, "tools_deny", tools_deny);
      const restrictions = {
        ...(read_only === undefined ? {} : { readOnly: read_only }),
        ...(tools_allow === undefined ? {} : { allow: tools_allow }),
        ...(tools_deny === undefined ? {} : { deny: tools_deny }),
      };
      const user = (await users.change(id, { ...(role ? { role } : {}), restrictions })) ?? (await find(id));
      await parts.record(
        by,
        "user",
        `changed ${id}: ${JSON.stringify({ role, read_only, tools_allow, tools_deny })}`,
        id,
      );
      await parts.toolsChanged(id);
      return user;
    },
    async removeUser(by, id, confirmed) {
      await find(id);
      refuseOwner(id);
      if (confirmed !== true && confirmed !== id) throw removalToConfirm(id, confirmed);
      await parts.unlink(by, id);
      // Before as well: should we be stopped in between, the user is still there to be removed again.
      await parts.erase(id);
      await users.remove(id);
      await parts.erase(id);
      await parts.record(by, "user", "removed a user, with all that was theirs");
    },
    async loginToken(by, id, body) {
      await find(id);
      const { expires_in_s: lifeS = 3_600 } = checkBody(LoginTokenBody, body) as Static<typeof LoginTokenBody>;
      await parts.record(by, "login", `made a login token for ${id}`, id);
      return { token: await parts.sign(id, lifeS, lineageOf(by)), lifeS };
    },
    tokens: (userId) => tokens.list(userId),
    async createToken(by, body) {
      const given = checkBody(ApiTokenBody, body) as Static<typeof ApiTokenBody>;
      if (by.bounds) throw new AppError("forbidden", "A device that may not do everything makes no tokens");
      const now = parts.now();
      const expiresAt = given.expires_at === undefined ? undefined : new Date(given.expires_at);
      if (expiresAt && expiresAt <= now) throw invalidParameters(["Field expires_at must lie in the future"]);
      requireTools(parts, "tools", given.tools);
      await requireWithin(parts, by, "write", given.writes);
      await requireWithin(parts, by, "destructive", given.destructive);
      const secret = makeSecret("t");
      const token: ApiToken = {
        id: makeId("tok"),
        userId: by.userId,
        name: given.name,
        lineage: lineageOf(by),
        tools: given.tools,
        writes: given.writes ?? "deny",
        destructive: given.destructive ?? "deny",
        createdAt: now,
        expiresAt,
        lastUsedAt: undefined,
      };
      await tokens.create(token, hashSecret(secret));
      await parts.record(by, "token", `made ${token.id} (${token.name})`);
      return { token, secret };
    },
    async revokeToken(by, id) {
      if (!(await tokens.revoke(by.userId, id))) {
        throw new AppError("not_found", `There is no token ${id}`, { hint: "Run: mcqueen tokens list" });
      }
      await parts.withdraw(by, id);
      await parts.record(by, "token", `revoked ${id}`);
    },
  };
}

/** What is bounded itself must not put the others out. */
function requireOwnSession(by: Caller, id: string): void {
  if (!by.bounds || by.credentialId === id) return;
  throw new AppError("forbidden", "A device that may not do everything ends no session but its own");
}

/** A door where a person has to approve must not hand out keys to one where nobody has to. @throws AppError forbidden */
async function requireWithin(
  parts: PeopleParts,
  by: Caller,
  effect: "write" | "destructive",
  wanted: Decision = "deny",
): Promise<void> {
  const limit = await parts.limitOf(by, effect);
  if (limit === "allow" || limit === "ask" || stricter(limit, wanted) === wanted) return;
  throw new AppError("forbidden", `A token made here cannot do more than "${limit}" for ${effect} actions`);
}

function removalToConfirm(id: string, confirmed: unknown): AppError {
  if (confirmed !== undefined && confirmed !== null && confirmed !== false) {
    return invalidParameters(["The confirmed value of user_id differs from the user"]);
  }
  return new AppError("confirmation_required", "Voice confirmation required for: user_id", {
    hint: "Read the id back to confirm. On the command line: mcqueen users remove <id>",
    metadata: {
      requires_confirmation: ["user_id"],
      confirmation_prompt: `Remove the user ${id} with all sessions, tokens, configs and usage?`,
    },
  });
}

/** Whoever sits at this computer can read its files anyway; a rule that said otherwise would promise too much. */
function refuseOwner(id: string): void {
  if (id !== ownerId) return;
  throw new AppError("conflict", `${ownerId} is the user of this computer, and stays an admin`);
}

function requireTools(parts: PeopleParts, field: string, ids: readonly string[] = []): void {
  const unknown = ids.filter((tool) => !parts.knowsTool(tool));
  if (unknown.length > 0)
    throw invalidParameters(unknown.map((tool) => `Field ${field} names ${printable(tool)}, which is no tool`));
}

/** The one refusal of every login, so that it tells nothing of its reason. */
export const invalidLogin = (): AppError =>
  new AppError("unauthenticated", "Invalid authentication token", {
    hint: "Log in with a fresh token: mcqueen users token <user_id>",
  });
