import type { Pairing } from "./session.ts";
import { type Answer, type Refusal, send } from "./wire.ts";

/** What stands behind "#" in the address of a pairing. The pin is for an app; a page cannot see the key. */
export interface PairLink {
  code: string;
  pin: string;
}

export function readPairLink(hash: string): PairLink | undefined {
  const [code = "", ...rest] = hash.replace(/^#/, "").split("&");
  if (!/^[A-Za-z0-9_-]{22,}$/.test(code)) return undefined;
  const pin = rest.find((part) => part.startsWith("fp="))?.slice(3);
  return { code, pin: pin && pin.length > 0 ? pin : "-" };
}

/** Reads what a person typed or pasted: the whole link, or what stands behind its "#". */
export const readTypedLink = (typed: string): PairLink | undefined => readPairLink(typed.trim().replace(/^[^#]*#/, ""));

export interface PairingInProgress {
  claimToken: string;
  /** Six digits, that the computer shows too. */
  digits: string;
}

interface Claim {
  claim: { claim_token: string; commitment: string };
}

/** Brings the code, and comes to the six digits. */
export async function claim({ code, pin }: PairLink, name: string): Promise<Answer<PairingInProgress>> {
  const claimed = await send<Claim>("/devices/claim", { body: { code, name } });
  if (!claimed.ok) return claimed;
  const { claim_token, commitment } = claimed.value.claim;
  const nonce = toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
  const told = await send<{ claim: { nonce: string } }>("/devices/claim/number", { body: { claim_token, nonce } });
  if (!told.ok) return told;
  const theirs = told.value.claim.nonce;
  if (toBase64Url(await hash(`mcqueen pairing commitment 1\n${theirs}`)) !== commitment) {
    return { ok: false, refusal: notWhoItWas };
  }
  const digits = await numberOf([pin, theirs, nonce, name]);
  return { ok: true, value: { claimToken: claim_token, digits } };
}

/** Waits until the person at the computer has typed the number. */
export async function awaitPairing(claimToken: string, signal: AbortSignal): Promise<Answer<Pairing>> {
  for (;;) {
    const body = { claim_token: claimToken, wait_s: 25 };
    const answer = await send<{ status: string } & Pairing>("/devices/claim/wait", { body, signal });
    if (!answer.ok) return answer;
    const { status, device_token, device } = answer.value;
    if (status === "paired") return { ok: true, value: { device_token, device: { id: device.id, name: device.name } } };
  }
}

/** The six digits of a pairing. @param parts pin, the computer's nonce, the phone's, its name */
async function numberOf(parts: readonly string[]): Promise<string> {
  const bytes = await hash(["mcqueen pairing number 1", ...parts].join("\n"));
  const number = new DataView(bytes.buffer).getBigUint64(0) % 1_000_000n;
  return number.toString().padStart(6, "0");
}

const hash = async (text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));

const toBase64Url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

const notWhoItWas: Refusal = {
  status: 0,
  code: "conflict",
  message: "Somebody between this phone and your computer changed the answer, so pairing stopped",
  hint: "Use another network, and run mcqueen pair again.",
  metadata: {},
};
