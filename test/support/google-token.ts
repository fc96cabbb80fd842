import type { Connection } from "../../src/core/connection.ts";
import { desktopClientId } from "../../src/sandbox/google/clients.ts";
import { allow } from "../../src/sandbox/google/grants.ts";
import { issueAccess } from "../../src/sandbox/google/tokens.ts";

/** A person's account at the stand-in of Google, with a token that is good for an hour. */
export function connectTo(folder: string, email: string, scopes: readonly string[], now = new Date()): Connection {
  const { grant } = allow(folder, desktopClientId, email, scopes, now);
  const token = issueAccess(grant, [...scopes], now);
  if (token === undefined) throw new Error("the grant is gone");
  return { account: email, scopes, accessToken: async () => token };
}
