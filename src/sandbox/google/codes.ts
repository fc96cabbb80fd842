import { join } from "node:path";
import { hashSecret, randomText } from "../../core/secret.ts";
import { type Grant, listGrants } from "./grants.ts";
import { exists, move, read, write } from "./state.ts";

/** What an authorization code stands for. */
export interface Code {
  redirectUri: string;
  scopes: string[];
  /** Whether a refresh token comes with it. */
  offline: boolean;
  challenge?: string;
  challengeMethod?: "S256" | "plain";
  nonce?: string;
  at: string;
}

const lifeMs = 10 * 60_000;

/** Makes a code for ten minutes. Undefined when the grant was revoked meanwhile. */
export function issueCode(grant: Grant, code: Code): string | undefined {
  const text = `4/0A${randomText(42, "base64url")}`;
  return write(join(grant.folder, "codes", `${hashSecret(text)}.json`), code) ? text : undefined;
}

/**
 * Takes a code, which works once, also when what follows is refused.
 * @returns the code, or why there is none
 */
export function redeem(
  folder: string,
  text: string,
  clientId: string,
  now: Date,
): { grant: Grant; code: Code } | "unknown" | "redeemed" | "expired" {
  const name = `${hashSecret(text)}.json`;
  for (const grant of listGrants(folder).filter((each) => each.clientId === clientId)) {
    const redeemed = join(grant.folder, "redeemed", name);
    const isMine = move(join(grant.folder, "codes", name), redeemed);
    if (!isMine && exists(redeemed)) return "redeemed";
    const code = isMine ? read<Code>(redeemed) : undefined;
    if (!code) continue;
    return now.getTime() < Date.parse(code.at) + lifeMs ? { grant, code } : "expired";
  }
  return "unknown";
}
