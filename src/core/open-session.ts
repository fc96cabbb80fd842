import type { Caller } from "./call.ts";
import { hashSecret, makeId, makeSecret } from "./secret.ts";
import { type Session, type SessionStore, sessionLifeMs } from "./session.ts";
import type { User } from "./user.ts";

/** Opens a session for a user who has shown who they are. Its secret comes out this once. */
export async function openSession(
  sessions: SessionStore,
  user: User,
  made: Pick<Session, "clientType" | "lineage" | "deviceId">,
  now: Date,
): Promise<{ session: Session; secret: string; by: Caller }> {
  const secret = makeSecret("s");
  const session: Session = {
    id: makeId("ses"),
    userId: user.id,
    ...made,
    createdAt: now,
    expiresAt: new Date(now.getTime() + sessionLifeMs),
    lastActivity: now,
  };
  await sessions.sweep(now);
  await sessions.open(session, hashSecret(secret));
  const by: Caller = {
    userId: user.id,
    role: user.role,
    entrance: made.deviceId === undefined ? "rest" : "device",
    credentialId: session.id,
    interactive: false,
  };
  return { session, secret, by };
}
