import { randomText } from "../core/secret.ts";

/** What only the one who began a login knows: RFC 7636 wants 43 to 128 characters. */
export const makeVerifier = (): string => randomText(48, "base64url");

/** The S256 challenge of a verifier. */
export const challengeOf = (verifier: string): string =>
  new Bun.CryptoHasher("sha256").update(verifier).digest("base64url");

/** Binds a callback to the login that it answers. */
export const makeState = (): string => randomText(32, "base64url");
