/** A bearer secret: 32 random bytes behind a prefix that says what it opens. */
export const makeSecret = (kind: "s" | "t" | "a" | "r" | "d" | "c"): string =>
  `mcq_${kind}_${randomText(32, "base64url")}`;

/** What is stored of a secret: its SHA-256, in hex. */
export const hashSecret = (secret: string): string => Bun.CryptoHasher.hash("sha256", secret, "hex");

/** A short id to show and to name a thing by; knowing it opens nothing. */
export const makeId = (prefix: string): string => `${prefix}_${randomText(6, "hex")}`;

/** Compares two secrets by their hashes: where those differ tells nothing of where the secrets do. */
export const isSame = (a: string, b: string): boolean => hashSecret(a) === hashSecret(b);

/** Random bytes from the operating system, as text. */
export const randomText = (bytes: number, form: "hex" | "base64url"): string =>
  Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString(form);
