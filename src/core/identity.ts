import type { ApiTokenStore } from "./api-token.ts";
import type { Caller } from "./call.ts";
import { boundsOf, type Device, type DeviceStore } from "./device.ts";
import { AppError } from "./errors.ts";
import { hashSecret, isSame } from "./secret.ts";
import { activityStepMs, type Session, type SessionStore } from "./session.ts";
import { ownerId, type UserStore } from "./user.ts";

/** A credential that was recognised. */
export interface Identity {
  caller: Caller;
  session?: Session;
}

export interface IdentityParts {
  users: UserStore;
  sessions: SessionStore;
  tokens: ApiTokenStore;
  devices: DeviceStore;
  now(): Date;
  /** The token of this computer's user. */
  localToken(): string;
}

/** Who a bearer is: this computer's user, a session, or an API token. Undefined for every other. */
export async function identify(parts: IdentityParts, bearer: string): Promise<Identity | undefined> {
  const now = parts.now();
  const callerOf = async (userId: string, credentialId: string): Promise<Caller | undefined> => {
    const user = await parts.users.find(userId);
    return user && { userId, role: user.role, entrance: "rest", credentialId, interactive: false };
  };
  if (bearer.startsWith("mcq_l_")) {
    const caller = isLocal(parts, bearer) ? await callerOf(ownerId, "local") : undefined;
    return caller && { caller };
  }
  if (bearer.startsWith("mcq_s_")) {
    const session = await parts.sessions.find(hashSecret(bearer), now);
    if (!session || (await cameOfRevoked(parts.devices, session.lineage))) return undefined;
    if (isStale(session.lastActivity, now)) parts.sessions.touch(session.id, now);
    const known = await callerOf(session.userId, session.id);
    const caller = known && { ...known, lineage: session.lineage };
    if (!caller || session.deviceId === undefined) return caller && { caller, session };
    const device = await parts.devices.find(session.deviceId);
    return device && { caller: ofDevice(caller, device, parts, now), session };
  }
  const token = bearer.startsWith("mcq_t_") ? await parts.tokens.find(hashSecret(bearer), now) : undefined;
  if (!token || (await cameOfRevoked(parts.devices, token.lineage))) return undefined;
  if (isStale(token.lastUsedAt, now)) parts.tokens.touch(token.id, now);
  const caller = await callerOf(token.userId, token.id);
  const { tools, writes, destructive } = token;
  return caller && { caller: { ...caller, lineage: token.lineage, grant: { tools, writes, destructive } } };
}

/** Whether a credential goes back to a device that is revoked: one made at that very moment ends with it too. */
export async function cameOfRevoked(devices: Pick<DeviceStore, "find">, lineage: readonly string[]): Promise<boolean> {
  for (const id of lineage.filter((each) => each.startsWith("dev_"))) {
    if (!(await devices.find(id))) return true;
  }
  return false;
}

function ofDevice(caller: Caller, device: Device, { devices }: IdentityParts, now: Date): Caller {
  if (isStale(device.lastUsedAt, now)) devices.touch(device.id, now);
  const bounds = boundsOf(device);
  return { ...caller, entrance: "device", deviceId: device.id, ...(bounds ? { bounds } : {}) };
}

/** A file that cannot be used opens nothing; what is wrong with it is told at the start, and not to a stranger. */
function isLocal(parts: IdentityParts, bearer: string): boolean {
  try {
    return isSame(bearer, parts.localToken());
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

const isStale = (last: Date | undefined, now: Date): boolean =>
  last === undefined || now.getTime() - last.getTime() >= activityStepMs;
