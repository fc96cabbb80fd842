import type { Static } from "@sinclair/typebox";
import type { Caller } from "./call.ts";
import { type Device, DeviceLoginBody, type DeviceStore, RenameBody, type RevokedWith } from "./device.ts";
import { AppError } from "./errors.ts";
import { openSession } from "./open-session.ts";
import { checkBody } from "./parameters.ts";
import { hashSecret } from "./secret.ts";
import type { Session, SessionStore } from "./session.ts";
import type { UserStore } from "./user.ts";

/** Paired phones: what a person sees of them, and the sessions that they open. */
export interface Devices {
  /** Without a user, everyone's. */
  list(userId?: string): Promise<Device[]>;
  /** @throws AppError not_found, also for another user's; invalid_parameters */
  rename(by: Caller, id: string, body: unknown): Promise<Device>;
  /** Ends it at once, with its sessions and what these made. @throws AppError not_found, unless an admin asks also for another's */
  revoke(by: Caller, id: string): Promise<RevokedWith>;
  /** @throws AppError unauthenticated, invalid_parameters */
  logIn(body: unknown): Promise<{ session: Session; secret: string }>;
}

export interface DevicesParts {
  devices: DeviceStore;
  sessions: SessionStore;
  users: UserStore;
  now(): Date;
  /** Says no to all that waits for an approval and goes back to a credential. */
  withdraw(by: Caller, credentialId: string): Promise<void>;
  record(by: Caller, kind: "device" | "login", detail: string, subject?: string): Promise<void>;
}

export function createDevices({ devices, sessions, users, now, withdraw, record }: DevicesParts): Devices {
  return {
    list: (userId) => devices.list(userId),
    async rename(by, id, body) {
      requireOwnDevice(by, id);
      const { name } = checkBody(RenameBody, body) as Static<typeof RenameBody>;
      const isRenamed = await devices.rename(by.userId, id, name);
      const device = isRenamed ? await devices.find(id) : undefined;
      if (!device) throw noDevice(id);
      await record(by, "device", `renamed ${id} to ${name}`);
      return device;
    },
    async revoke(by, id) {
      requireOwnDevice(by, id);
      const device = await devices.find(id);
      const isTheirs = device?.userId === by.userId || by.role === "admin";
      const gone = device && isTheirs ? await devices.revoke(id) : undefined;
      if (!device || !gone) throw noDevice(id);
      await withdraw(by, id);
      await record(by, "device", `revoked ${id} (${device.name})`, device.userId);
      return gone;
    },
    async logIn(body) {
      const { device_token } = checkBody(DeviceLoginBody, body) as Static<typeof DeviceLoginBody>;
      const device = await devices.byHash(hashSecret(device_token));
      const user = device && (await users.find(device.userId));
      if (!device || !user) {
        throw new AppError("unauthenticated", "Invalid authentication token", {
          hint: "Pair the device again. On the computer: mcqueen pair",
        });
      }
      const lineage = [device.id, ...device.lineage];
      const made = { clientType: "device", lineage, deviceId: device.id };
      const { session, secret, by } = await openSession(sessions, user, made, now());
      devices.touch(device.id, now());
      await record(by, "login", `session ${session.id} of the device ${device.id} (${device.name})`);
      return { session, secret };
    },
  };
}

/** What is bounded itself must not take the others away. */
function requireOwnDevice(by: Caller, id: string): void {
  if (!by.bounds || by.deviceId === id) return;
  throw new AppError("forbidden", "A device that may not do everything changes no other one");
}

const noDevice = (id: string): AppError =>
  new AppError("not_found", `There is no device ${id}`, { hint: "Run: mcqueen devices list" });
