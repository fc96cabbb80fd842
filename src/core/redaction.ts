const secretKey =
  /token|secret|password|passwd|authorization|cookie|api[-_]?key|apikey|appid|credential|assertion|private|signature|session_id|^(code|key|pin|jwt)$/i;

const secretText: readonly [RegExp, string][] = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{6,}/gi, "$1 [redacted]"],
  [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, "[redacted]"],
  [/\b(mcq_[a-z]+_|ya29\.|1\/\/|xox[abprs]-|tvly-|EAA|GOCSPX-)[\w.-]{6,}/g, "[redacted]"],
  [/([?&](?:appid|key|token|code|access_token|refresh_token|client_secret)=)[^&\s"]+/gi, "$1[redacted]"],
];

/** A copy that is safe to log: secrets hidden by key and by form, errors reduced to name, message, code and stack. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === "string") return scrub(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth > 6) return "[deep]";
  if (value instanceof Error) {
    const { name, message, stack } = value;
    const code = "code" in value ? { code: String(value.code) } : {};
    return { name, message: scrub(message), ...code, stack: scrub(stack ?? "") };
  }
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      secretKey.test(key) && item !== undefined && item !== null ? "[redacted]" : redact(item, depth + 1),
    ]),
  );
}

/** Hides what looks like a secret, and each of the known ones, in a text. */
export function scrub(text: string, secrets: readonly string[] = []): string {
  let safe = text;
  for (const [form, replacement] of secretText) safe = safe.replace(form, replacement);
  for (const secret of secrets) if (secret.length >= 6) safe = safe.replaceAll(secret, "[redacted]");
  return safe;
}
