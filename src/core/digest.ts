/** JSON with the keys of every object in order, so that equal values have equal texts. */
function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "object" && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
      : item,
  );
}

/** SHA-256 of a value's canonical JSON, in hex. */
const digestOf = (value: unknown): string => sha256(canonicalJson(value) ?? "undefined");

export const sha256 = (text: string): string => Bun.CryptoHasher.hash("sha256", text, "hex");

/** What a confirmation, an approval or an idempotency key is bound to. */
export const callDigest = (
  userId: string,
  tool: string,
  action: string,
  parameters: unknown,
  account: string | undefined,
): string => digestOf([userId, tool, action, parameters, account ?? null]);
