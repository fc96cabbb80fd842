const secretKey =
  /token|secret|password|passwd|passphrase|authorization|cookie|api[-_]?key|apikey|appid|credential|assertion|private|signature|session[-_]?id|^(code|key|pin|jwt)$/i;

const queryKeys = "appid|api_?key|key|token|code|access_token|refresh_token|id_token|client_secret";
// A token's own alphabet, also as an address spells it.
const body = "(?:[\\w.-]|%(?:2D|2E|5F))";
// Short marks need a border, or ordinary words would count. Behind a %2F the border is a letter.
const border = "(?:(?<!\\w)|(?<=%[0-9A-Fa-f]{2}))";

// None of them takes a quote or a backslash: a line of JSON has to stay one.
const secretText: readonly [RegExp, string][] = [
  [/:\/\/[^\s/@:"\\]*:[^\s/@"\\]+@/g, "://[redacted]@"],
  [/(Bearer|Basic)(?:\s|%20|\+)+[\w.~+/=%-]{6,}/gi, "$1 [redacted]"],
  [/eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)+/g, "[redacted]"],
  [new RegExp(`mcq(?:_|%5F)[a-z]+(?:_|%5F)${body}{6,}`, "gi"), "[redacted]"],
  [new RegExp(`(?:ya29\\.|xox[abprs]-|tvly-|GOCSPX-)${body}{6,}`, "g"), "[redacted]"],
  [new RegExp(`${border}(?:1//|1%2F%2F|EAA)${body}{6,}`, "g"), "[redacted]"],
  [new RegExp(`((?:[?&;]|%3F|%26)(?:${queryKeys})(?:=|%3D))(?:[^&\\s"%\\\\]|%(?!26))+`, "gi"), "$1[redacted]"],
];

// What each of them has somewhere in it: most texts have none, and are not looked at seven times.
const mark = /:\/\/|bearer|basic|eyJ|mcq|ya29|xox|tvly|GOCSPX|1\/\/|1%2F%2F|EAA|[?&;]|%3F|%26/i;

// A shorter value stands in too many innocent words.
const leastSecret = 6;

export interface Redactor {
  /** A copy that is safe to log: secrets hidden by key and by form, errors reduced to name, message, code and stack. */
  redact(value: unknown): unknown;
  /** Hides what looks like a secret, and each of the known ones, in a text. */
  scrub(text: string): string;
}

/** Knows the given secrets in every spelling that a text may give them. */
export function createRedactor(secrets: readonly string[]): Redactor {
  const known = spellingsOf(secrets);
  const scrub = (text: string): string => {
    let safe = text;
    for (const secret of known) safe = safe.replaceAll(secret, "[redacted]");
    if (!mark.test(safe)) return safe;
    for (const [form, replacement] of secretText) safe = safe.replace(form, replacement);
    return safe;
  };
  const means: Means = { scrub, keys: createKeyBook(scrub), mayHideNumbers: known.length > 0 };
  return { scrub, redact: (value) => redactWith(means, value, 0) };
}

interface Means {
  scrub: Redactor["scrub"];
  keys(key: string): { name: string; isSecret: boolean };
  /** No form is digits alone, but a known secret may be. */
  mayHideNumbers: boolean;
}

const mostKeys = 500;
const longestKey = 64;

/** A program logs few keys, again and again; what each of them means is found out once. */
function createKeyBook(scrub: Redactor["scrub"]): Means["keys"] {
  const book = new Map<string, ReturnType<Means["keys"]>>();
  return (key) => {
    const known = book.get(key);
    if (known) return known;
    const made = { name: scrub(key), isSecret: secretKey.test(key) };
    if (book.size < mostKeys && key.length <= longestKey) book.set(key, made);
    return made;
  };
}

/** Hides what looks like a secret, and each of the known ones, in a text. */
export const scrub = (text: string, secrets?: readonly string[]): string => createRedactor(secrets ?? []).scrub(text);

function redactWith(means: Means, value: unknown, depth: number): unknown {
  const { scrub, keys } = means;
  if (typeof value === "string") return scrub(value);
  if (typeof value === "number" && !means.mayHideNumbers) return value;
  if (typeof value === "number" || typeof value === "bigint") {
    const safe = scrub(String(value));
    return safe === String(value) && typeof value === "number" ? value : safe;
  }
  // A function could be a toJSON and say anything later.
  if (typeof value === "function") return "[function]";
  if (typeof value !== "object" || value === null) return value;
  if (depth > 6) return "[deep]";
  if (value instanceof Error) {
    const { name, message, stack } = value;
    const code = "code" in value ? { code: scrub(String(value.code)) } : {};
    return { name: scrub(String(name)), message: scrub(String(message)), ...code, stack: scrub(String(stack ?? "")) };
  }
  if (value instanceof Date || value instanceof URL) return scrub(String(value.toJSON()));
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
  if (Array.isArray(value)) return value.map((item) => redactWith(means, item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      const { name, isSecret } = keys(key);
      const isHidden = isSecret && item !== undefined && item !== null;
      return [name, isHidden ? "[redacted]" : redactWith(means, item, depth + 1)];
    }),
  );
}

/** Each secret as it is, in JSON, in JSON within JSON, and in an address; the longest first, so that none hides a part of another. */
function spellingsOf(secrets: readonly string[]): string[] {
  const spellings = secrets
    .filter((secret) => secret.length >= leastSecret)
    .flatMap((secret) => {
      const inJson = escaped(secret);
      const inAddress = encodeURIComponent(secret.toWellFormed());
      const inForm = new URLSearchParams([["", secret]]).toString().slice(1);
      const lower = (text: string): string => text.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase());
      return [
        secret,
        inJson,
        escaped(inJson),
        inJson.replaceAll("/", "\\/"),
        inAddress,
        lower(inAddress),
        inForm,
        lower(inForm),
      ];
    });
  return [...new Set(spellings)].sort((a, b) => b.length - a.length);
}

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);
