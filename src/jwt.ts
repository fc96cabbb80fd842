import { errors, jwtVerify, SignJWT } from "jose";
import { invalidLogin } from "./core/people.ts";
import { hashSecret } from "./core/secret.ts";

/** A login token that was checked: for whom, and what to burn so that it works once. */
export interface LoginProof {
  key: string;
  expiresAt: Date;
  /** Made for a user who was there: it opens no session once that user was removed. */
  mustExist: boolean;
  /** The credentials by which it was made, where it was made here. */
  lineage: string[];
}

const longestLifeMs = 24 * 60 * 60 * 1000;

/**
 * Checks a login token: HS256 and nothing else, signed with the secret, for that user, not expired, `exp` at most 24 h
 * ahead. All refusals read alike.
 * @throws AppError unauthenticated
 */
export async function verifyLoginToken(token: string, secret: string, userId: string, now: Date): Promise<LoginProof> {
  const { payload } = await jwtVerify(token, Buffer.from(secret), {
    algorithms: ["HS256"],
    requiredClaims: ["exp"],
    currentDate: now,
  }).catch((error: unknown) => {
    throw error instanceof errors.JOSEError ? invalidLogin() : error;
  });
  const named = payload.user_id ?? payload.sub;
  const differs = payload.user_id !== undefined && payload.sub !== undefined && payload.user_id !== payload.sub;
  const expiresAt = new Date((payload.exp ?? 0) * 1000);
  // Negated, so that a time that is no number is refused too.
  const isShortLived = expiresAt.getTime() - now.getTime() <= longestLifeMs;
  if (named !== userId || differs || !isShortLived) throw invalidLogin();
  // Two spellings of one signature would be two hashes, so only the signed part is hashed.
  const signed = token.slice(0, token.lastIndexOf("."));
  const key = typeof payload.jti === "string" ? `jti ${userId} ${payload.jti}` : signed;
  return { key: hashSecret(key), expiresAt, mustExist: payload.must_exist === true, lineage: textsOf(payload.made_by) };
}

/** Makes a login token for a user. @param lifeS seconds until it expires, at most 24 hours */
export function signLoginToken(
  userId: string,
  secret: string,
  now: Date,
  lifeS: number,
  lineage: readonly string[],
): Promise<string> {
  const at = Math.floor(now.getTime() / 1000);
  return new SignJWT({ user_id: userId, must_exist: true, made_by: lineage })
    .setProtectedHeader({ alg: "HS256", typ: "JWT" })
    .setSubject(userId)
    .setJti(crypto.randomUUID())
    .setIssuedAt(at)
    .setExpirationTime(at + Math.min(lifeS, longestLifeMs / 1000))
    .sign(Buffer.from(secret));
}

const textsOf = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item): item is string => typeof item === "string") : [];
