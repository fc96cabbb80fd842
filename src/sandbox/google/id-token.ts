import { randomText } from "../../core/secret.ts";
import { issuer } from "./clients.ts";
import type { Grant } from "./grants.ts";
import { claimsOf, findPerson } from "./people.ts";

const lifeS = 3_600;

/**
 * An ID token in Google's form. Nobody can check its signature, which is random: it is meant for apps that fetch it
 * from the token endpoint themselves and so need not.
 */
export function makeIdToken(grant: Grant, scopes: string[], accessToken: string, now: Date, nonce?: string): string {
  const person = findPerson(grant.email);
  if (!person) throw new Error(`There is no ${grant.email} in the sandbox`);
  const iat = Math.floor(now.getTime() / 1000);
  const hash = new Bun.CryptoHasher("sha256").update(accessToken).digest();
  const claims = {
    iss: issuer,
    azp: grant.clientId,
    aud: grant.clientId,
    ...claimsOf(person, scopes),
    at_hash: hash.subarray(0, 16).toString("base64url"),
    ...(nonce === undefined ? {} : { nonce }),
    iat,
    exp: iat + lifeS,
  };
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256", kid: "sandbox", typ: "JWT" })}.${part(claims)}.${randomText(256, "base64url")}`;
}
