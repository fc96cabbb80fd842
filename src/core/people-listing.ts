import type { ApiToken } from "./api-token.ts";
import type { Session } from "./session.ts";
import type { User } from "./user.ts";

export interface ListedUser {
  id: string;
  role: string;
  created_at: string;
  read_only: boolean;
  /** Empty means every tool. */
  tools_allow: readonly string[];
  tools_deny: readonly string[];
}

export interface ListedSession {
  id: string;
  user_id: string;
  client_type: string;
  created_at: string;
  expires_at: string;
  last_activity: string;
}

export interface ListedToken {
  id: string;
  name: string;
  /** null means every tool */
  tools: readonly string[] | null;
  effects: { read: string; write: string; destructive: string };
  created_at: string;
  expires_at: string | null;
  last_used_at: string | null;
}

export const listUser = ({ id, role, createdAt, restrictions }: User): ListedUser => ({
  id,
  role,
  created_at: createdAt.toISOString(),
  read_only: restrictions.readOnly,
  tools_allow: restrictions.allow,
  tools_deny: restrictions.deny,
});

/** A session in a list. Its secret is not among what is known of it. */
export const listSession = (session: Session): ListedSession => ({
  id: session.id,
  user_id: session.userId,
  client_type: session.clientType,
  created_at: session.createdAt.toISOString(),
  expires_at: session.expiresAt.toISOString(),
  last_activity: session.lastActivity.toISOString(),
});

/** A token in a list, without its secret. */
export const listToken = (token: ApiToken): ListedToken => ({
  id: token.id,
  name: token.name,
  tools: token.tools ?? null,
  effects: { read: "allow", write: token.writes, destructive: token.destructive },
  created_at: token.createdAt.toISOString(),
  expires_at: token.expiresAt?.toISOString() ?? null,
  last_used_at: token.lastUsedAt?.toISOString() ?? null,
});
