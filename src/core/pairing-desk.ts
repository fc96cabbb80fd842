import type { Static } from "@sinclair/typebox";
import { type Caller, lineageOf } from "./call.ts";
import { type Device, PairBody, type PairOptions } from "./device.ts";
import { AppError, invalidParameters } from "./errors.ts";
import {
  ClaimBody,
  commitmentOf,
  NumberBody,
  numberOf,
  type Pairing,
  type PairingRoute,
  type PairingStatus,
  type PairingStore,
  WaitBody,
  type WaitOptions,
} from "./pairing.ts";
import { checkBody, printable } from "./parameters.ts";
import { hashSecret, makeId, makeSecret, randomText } from "./secret.ts";

/** The two sides of pairing: the phone comes with a code, the person at the computer says yes. */
export interface PairingDesk {
  /** Begins one, instead of any before it. The code comes out this once. @throws AppError forbidden, invalid_parameters */
  open(
    by: Caller,
    from: { via: PairingRoute; pin?: string },
    options: PairOptions,
  ): Promise<{ id: string; code: string }>;
  /** How it stands, for the computer. @throws AppError not_found */
  look(id: string): Promise<Pairing>;
  /** Says yes to the number. @throws AppError conflict when there is nothing to say yes to any more */
  confirm(by: Caller, id: string): Promise<void>;
  /** Says no, or calls it off before a phone has come. */
  refuse(by: Caller, id: string): Promise<void>;
  /** The phone brings its code. @throws AppError unauthenticated, conflict, invalid_parameters */
  claim(via: PairingRoute, body: unknown): Promise<{ claim_token: string; commitment: string; expires_at: string }>;
  /** The phone tells its nonce, once, and learns ours. */
  exchange(via: PairingRoute, body: unknown): Promise<{ nonce: string; expires_at: string }>;
  /** The phone waits. Its device token comes out this once. @throws AppError declined, conflict, unauthenticated */
  wait(
    via: PairingRoute,
    body: unknown,
    signal: AbortSignal,
  ): Promise<{ status: "waiting" } | { status: "paired"; secret: string; device: Device }>;
  tidy(): Promise<void>;
}

export interface PairingDeskParts {
  pairings: PairingStore;
  knowsTool(id: string): boolean;
  now(): Date;
  record(by: Caller, kind: "device", detail: string): Promise<void>;
}

/** How long a code waits for a phone, and then a number for the person. */
const pairingLifeMs = 120_000;
const pickUpMs = 60_000;
const mostTries = 5;
const pollMs = 100;
const keptMs = 60 * 60_000;

export function createPairingDesk({ pairings, knowsTool, now, record }: PairingDeskParts): PairingDesk {
  const from = (ms: number): Date => new Date(now().getTime() + ms);
  const byToken = async (via: PairingRoute, token: string): Promise<Pairing> => {
    const pairing = await pairings.byClaim(hashSecret(token), now());
    if (pairing?.via === via) return pairing;
    throw new AppError("unauthenticated", "This claim is not known", { hint: "Scan a fresh code: mcqueen pair" });
  };
  const look = async (id: string): Promise<Pairing> => {
    const pairing = await pairings.find(id, now());
    if (pairing) return pairing;
    throw new AppError("not_found", "There is no such pairing");
  };
  return {
    look,
    async open(by, { via, pin }, options) {
      requirePerson(by);
      const { name, tools, writes = "allow", destructive = writes } = checkBody(PairBody, options) as PairOptions;
      const unknown = (tools ?? []).filter((tool) => !knowsTool(tool));
      if (unknown.length > 0)
        throw invalidParameters(
          unknown.map((tool) => `Field tools names ${printable(tool)}, which is no tool`),
          "Run: mcqueen list --all",
        );
      const id = makeId("par");
      const code = randomText(16, "base64url");
      const pairing: Pairing = {
        id,
        userId: by.userId,
        via,
        pin,
        name,
        tools,
        writes,
        destructive,
        status: "open",
        tries: 0,
        deviceName: undefined,
        ownNonce: undefined,
        number: undefined,
        deviceId: undefined,
        createdAt: now(),
        expiresAt: from(pairingLifeMs),
      };
      await pairings.open(pairing, hashSecret(code));
      return { id, code };
    },
    async confirm(by, id) {
      requirePerson(by);
      const pairing = await look(id);
      if (!(await pairings.settle(id, ["numbered"], "confirmed", now(), from(pickUpMs)))) throw ended(await look(id));
      await record(by, "device", `confirmed the pairing of ${pairing.name ?? pairing.deviceName}`);
    },
    async refuse(by, id) {
      const before = await look(id);
      const to = before.status === "numbered" ? "denied" : "cancelled";
      if (!(await pairings.settle(id, ["open", "claimed", "numbered"], to, now()))) return;
      if (to === "denied") await record(by, "device", `refused the pairing of ${before.name ?? before.deviceName}`);
    },
    async claim(via, body) {
      const { code, name } = checkBody(ClaimBody, body) as Static<typeof ClaimBody>;
      const pairing = await pairings.byCode(hashSecret(code), now());
      if (pairing?.via !== via) {
        await pairings.miss(via, mostTries, now());
        throw new AppError("unauthenticated", "This pairing code is not valid", {
          hint: "Scan a fresh one: mcqueen pair",
        });
      }
      const [token, ownNonce, expiresAt] = [makeSecret("c"), randomText(32, "base64url"), from(pairingLifeMs)];
      const claim = { hash: hashSecret(token), deviceName: name, ownNonce, expiresAt };
      if (!(await pairings.claim(pairing.id, claim, now()))) throw ended(await look(pairing.id));
      return { claim_token: token, commitment: commitmentOf(ownNonce), expires_at: expiresAt.toISOString() };
    },
    async exchange(via, body) {
      const { claim_token, nonce } = checkBody(NumberBody, body) as Static<typeof NumberBody>;
      const { id, pin, deviceName = "", ownNonce = "", expiresAt } = await byToken(via, claim_token);
      const number = numberOf({ pin, deviceName, ownNonce, phoneNonce: nonce });
      if (!(await pairings.setNumber(id, number, now()))) throw ended(await look(id));
      return { nonce: ownNonce, expires_at: expiresAt.toISOString() };
    },
    async wait(via, body, signal) {
      const { claim_token, wait_s: waitS = 0 } = checkBody(WaitBody, body) as WaitOptions;
      const until = performance.now() + waitS * 1000;
      for (;;) {
        const pairing = await byToken(via, claim_token);
        if (pairing.status === "confirmed") return finish(pairing);
        if (pairing.status !== "claimed" && pairing.status !== "numbered") throw ended(pairing);
        if (performance.now() >= until || signal.aborted) return { status: "waiting" };
        await Bun.sleep(pollMs);
      }
    },
    tidy: () => pairings.sweep(new Date(now().getTime() - keptMs)),
  };

  async function finish(pairing: Pairing): Promise<{ status: "paired"; secret: string; device: Device }> {
    const secret = makeSecret("d");
    const { userId, tools, writes, destructive } = pairing;
    const device: Device = {
      id: makeId("dev"),
      userId,
      name: pairing.name ?? pairing.deviceName ?? "phone",
      lineage: lineageOf(terminalOf(userId)),
      tools,
      writes,
      destructive,
      createdAt: now(),
      lastUsedAt: undefined,
    };
    if (!(await pairings.complete(pairing.id, device, hashSecret(secret), now()))) throw ended(await look(pairing.id));
    await record(terminalOf(userId), "device", `paired ${device.id} (${device.name})`);
    return { status: "paired", secret, device };
  }
}

/** Only a person at a terminal confirms, so that is what every device goes back to. */
const terminalOf = (userId: string): Caller => ({
  userId,
  role: "member",
  entrance: "cli",
  credentialId: "terminal",
  interactive: true,
});

function requirePerson(by: Caller): void {
  if (by.entrance === "cli" && by.interactive) return;
  throw new AppError("forbidden", "Pairing wants a person at a terminal", {
    hint: "Type it in a terminal of your own.",
  });
}

const sentences: Partial<Record<PairingStatus, string>> = {
  claimed: "This pairing code was used already",
  numbered: "This pairing code was used already",
  confirmed: "This pairing code was used already",
  paired: "This pairing is done, and its token was given out",
  burned: "Too many wrong codes were tried, so this pairing has ended",
  expired: "This pairing has expired",
  replaced: "Another pairing was begun on the computer, so this one has ended",
};

/** Why a pairing does not go on. */
function ended({ status }: Pairing): AppError {
  const metadata = { status };
  if (status === "denied") return new AppError("declined", "The person at the computer said no", { metadata });
  if (status === "cancelled")
    return new AppError("declined", "The pairing was called off at the computer", { metadata });
  return new AppError("conflict", sentences[status] ?? "This pairing cannot go on", {
    hint: "Scan a fresh code: mcqueen pair",
    metadata,
  });
}
