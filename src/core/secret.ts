import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** A bearer secret: 32 random bytes behind a prefix that says what it opens. */
export const makeSecret = (kind: "s" | "t"): string => `mcq_${kind}_${randomBytes(32).toString("base64url")}`;

/** What is stored of a secret. */
export const hashSecret = (secret: string): string => createHash("sha256").update(secret).digest("hex");

/** A short id to show and to name a thing by; knowing it opens nothing. */
export const makeId = (prefix: string): string => `${prefix}_${randomBytes(6).toString("hex")}`;

/** Compares two secrets in a time that tells nothing of where they differ. */
export const isSame = (a: string, b: string): boolean =>
  timingSafeEqual(Buffer.from(hashSecret(a)), Buffer.from(hashSecret(b)));
