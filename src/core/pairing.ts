import { type Static, Type } from "@sinclair/typebox";
import type { Grant } from "./api-token.ts";
import { type Device, deviceName } from "./device.ts";
import { hashSecret } from "./secret.ts";

/**
 * open: waits for a phone. claimed: one has come. numbered: both show the number. confirmed: the person said yes, the phone
 * has not fetched its token. burned: too many wrong codes. replaced: another pairing was begun.
 */
export type PairingStatus =
  | "open"
  | "claimed"
  | "numbered"
  | "confirmed"
  | "paired"
  | "denied"
  | "cancelled"
  | "replaced"
  | "burned"
  | "expired";

/** By which listener the phone has to come. */
export type PairingRoute = "loopback" | "lan" | "proxy";

export interface Pairing extends Grant {
  id: string;
  userId: string;
  via: PairingRoute;
  /** SHA-256 of the public key that the phone has to see, base64url; undefined where TLS is not ours. */
  pin: string | undefined;
  /** What the person calls the phone; else its own name counts. */
  name: string | undefined;
  status: PairingStatus;
  tries: number;
  /** What the phone calls itself. */
  deviceName: string | undefined;
  /** Our part of the number, which the phone learns after it has told its own. */
  ownNonce: string | undefined;
  number: string | undefined;
  deviceId: string | undefined;
  createdAt: Date;
  expiresAt: Date;
}

export interface PairingStore {
  /** There is one at a time: the one before is replaced. */
  open(pairing: Pairing, codeHash: string): Promise<void>;
  find(id: string, now: Date): Promise<Pairing | undefined>;
  byCode(hash: string, now: Date): Promise<Pairing | undefined>;
  byClaim(hash: string, now: Date): Promise<Pairing | undefined>;
  /** Counts a wrong code against the open one of that listener, and burns it at the last. */
  miss(via: PairingRoute, most: number, now: Date): Promise<void>;
  /** True for exactly one of many phones at once. */
  claim(
    id: string,
    claim: { hash: string; deviceName: string; ownNonce: string; expiresAt: Date },
    now: Date,
  ): Promise<boolean>;
  /** Takes the phone's part once. */
  setNumber(id: string, number: string, now: Date): Promise<boolean>;
  /** Moves it on from one of these states, unless it has expired. */
  settle(id: string, from: readonly PairingStatus[], to: PairingStatus, now: Date, expiresAt?: Date): Promise<boolean>;
  /** Makes the device of a confirmed one. True for exactly one of many at once. */
  complete(id: string, device: Device, tokenHash: string, now: Date): Promise<boolean>;
  sweep(before: Date): Promise<void>;
}

const base64url = (bytes: number) =>
  Type.String({ pattern: `^[A-Za-z0-9_-]{${Math.ceil((bytes * 4) / 3)}}$`, description: `${bytes} bytes, base64url` });

export const ClaimBody = Type.Object(
  {
    code: Type.String({ minLength: 1, maxLength: 64, description: "What stands behind # in the code of mcqueen pair" }),
    name: deviceName,
  },
  { additionalProperties: false },
);

const claimToken = Type.String({ minLength: 1, maxLength: 512 });

export const NumberBody = Type.Object(
  { claim_token: claimToken, nonce: base64url(32) },
  { additionalProperties: false },
);

export const WaitBody = Type.Object(
  {
    claim_token: claimToken,
    wait_s: Type.Optional(Type.Integer({ minimum: 0, maximum: 60, default: 0, description: "Seconds to wait" })),
  },
  { additionalProperties: false },
);
export type WaitOptions = Static<typeof WaitBody>;

/** Binds us to our nonce before the phone tells its own, so neither side can choose the number. */
export const commitmentOf = (nonce: string): string => digest(`mcqueen pairing commitment 1\n${nonce}`);

export interface NumberParts {
  /** The pin of the key that this side sees, or undefined where TLS is not ours. */
  pin: string | undefined;
  /** What the phone calls itself. */
  deviceName: string;
  ownNonce: string;
  phoneNonce: string;
}

/** The six digits that both screens show: the SHA-256 of all parts, as a number modulo a million. */
export function numberOf({ pin, deviceName: name, ownNonce, phoneNonce }: NumberParts): string {
  const text = ["mcqueen pairing number 1", pin ?? "-", ownNonce, phoneNonce, name].join("\n");
  const value = BigInt(`0x${hashSecret(text).slice(0, 16)}`) % 1_000_000n;
  return String(value).padStart(6, "0");
}

const digest = (text: string): string => Buffer.from(hashSecret(text), "hex").toString("base64url");
