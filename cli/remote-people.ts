import type { ListedSession, ListedToken, ListedUser } from "../src/core/people-listing.ts";
import type { PeopleBackend } from "./backend.ts";

export type Field = <T>(name: string, method: string, path: string, body?: unknown) => Promise<T>;
export type Whole = (method: string, path: string, body?: unknown) => Promise<Record<string, unknown>>;

/** Users, sessions and tokens of a daemon elsewhere. */
export function createRemotePeople(field: Field, whole: Whole): PeopleBackend {
  const user = (id: string): string => `users/${encodeURIComponent(id)}`;
  return {
    listUsers: () => field<ListedUser[]>("users", "GET", "users"),
    addUser: (body) => field<ListedUser>("user", "POST", "users", body),
    changeUser: (id, body) => field<ListedUser>("user", "PATCH", user(id), body),
    async removeUser(id, confirmedId) {
      const confirmation = confirmedId === undefined ? {} : { voice_confirmations: { user_id: confirmedId } };
      await whole("DELETE", user(id), confirmation);
    },
    loginToken: async (id, body) =>
      (await field<{ auth_token: string }>("data", "POST", `${user(id)}/tokens`, body)).auth_token,
    listSessions: (all) => field<ListedSession[]>("sessions", "GET", `auth/sessions${all ? "?all=true" : ""}`),
    endSession: async (id) => void (await whole("DELETE", `auth/sessions/${encodeURIComponent(id)}`)),
    listTokens: () => field<ListedToken[]>("tokens", "GET", "tokens"),
    async createToken(body) {
      const { token, data } = await whole("POST", "tokens", body);
      return { secret: String(token), token: data as ListedToken };
    },
    revokeToken: async (id) => void (await whole("DELETE", `tokens/${encodeURIComponent(id)}`)),
  };
}
