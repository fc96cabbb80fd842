import { type Static, Type } from "@sinclair/typebox";
import type { Grant } from "./api-token.ts";

/** A phone that a person has paired. What it may do is bounded like an API token; "allow" bounds nothing. */
export interface Device extends Grant {
  id: string;
  userId: string;
  name: string;
  /** The credentials that it goes back to, nearest first; a person at a terminal is none. */
  lineage: readonly string[];
  createdAt: Date;
  lastUsedAt: Date | undefined;
}

export interface DeviceStore {
  find(id: string): Promise<Device | undefined>;
  byHash(hash: string): Promise<Device | undefined>;
  /** Without a user, everyone's. */
  list(userId?: string): Promise<Device[]>;
  rename(userId: string, id: string, name: string): Promise<boolean>;
  /** Takes it away with all that came of it: sessions, and tokens and programs that these let in. */
  revoke(id: string): Promise<{ sessions: number; tokens: number } | undefined>;
  /** Last use, written at most once a minute. */
  touch(id: string, now: Date): void;
}

export const deviceName = Type.String({
  format: "device-name",
  description: "How you will know it again, up to 64 characters",
});

export const RenameBody = Type.Object({ name: deviceName }, { additionalProperties: false });

export const DeviceLoginBody = Type.Object(
  { device_token: Type.String({ minLength: 1, maxLength: 512 }) },
  { additionalProperties: false },
);

const choice = Type.Optional(
  Type.Union([Type.Literal("deny"), Type.Literal("approve"), Type.Literal("ask"), Type.Literal("allow")]),
);

/** What a person says of a phone before it is paired. */
export const PairBody = Type.Object(
  {
    name: Type.Optional(deviceName),
    tools: Type.Optional(Type.Array(Type.String(), { minItems: 1, maxItems: 100 })),
    writes: choice,
    destructive: choice,
  },
  { additionalProperties: false },
);
export type PairOptions = Static<typeof PairBody>;

/** The bounds of a device, or undefined when it has none. */
export function boundsOf({ tools, writes, destructive }: Grant): Grant | undefined {
  return tools === undefined && writes === "allow" && destructive === "allow"
    ? undefined
    : { tools, writes, destructive };
}

/** A device in a list, without its secret. Field names are the wire's. */
export interface ListedDevice {
  id: string;
  user_id: string;
  name: string;
  /** null means every tool */
  tools: readonly string[] | null;
  effects: { read: string; write: string; destructive: string };
  created_at: string;
  last_used_at: string | null;
}

export const listDevice = (device: Device): ListedDevice => ({
  id: device.id,
  user_id: device.userId,
  name: device.name,
  tools: device.tools ?? null,
  effects: { read: "allow", write: device.writes, destructive: device.destructive },
  created_at: device.createdAt.toISOString(),
  last_used_at: device.lastUsedAt?.toISOString() ?? null,
});
