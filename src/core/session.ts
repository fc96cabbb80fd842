/** A logged-in client. The bearer itself is known to that client only; the store keeps its hash. */
export interface Session {
  /** Names the session in lists; no credential. */
  id: string;
  userId: string;
  /** What the client calls itself, such as "mobile_app". */
  clientType: string;
  /** The credentials that it goes back to, nearest first; a person at a terminal is none. */
  lineage: readonly string[];
  /** The paired device that opened it. */
  deviceId?: string;
  createdAt: Date;
  expiresAt: Date;
  /** Written at most once a minute. */
  lastActivity: Date;
}

export const sessionLifeMs = 8 * 60 * 60 * 1000;
export const activityStepMs = 60 * 1000;
export const defaultClientType = "mobile_app";

export interface SessionStore {
  open(session: Session, hash: string): Promise<void>;
  /** Not found: one that has expired, and one of a time that is still to come because the clock was set back. */
  find(hash: string, now: Date): Promise<Session | undefined>;
  touch(id: string, now: Date): void;
  /** Newest first; without a user, everyone's. */
  list(now: Date, userId?: string): Promise<Session[]>;
  /** Gives whether there was one. */
  end(id: string): Promise<boolean>;
  endByHash(hash: string): Promise<Session | undefined>;
  /** Deletes what has expired: sessions, and burned login tokens. Gives how many sessions went. */
  sweep(now: Date): Promise<number>;
  /** Burns a login token. False when it was burned before: exactly one of many at once gets true. */
  burn(key: string, expiresAt: Date): Promise<boolean>;
}
