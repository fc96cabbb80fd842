/** Gives the same value without the known secrets, wherever they stand in it. */
export type Conceal = <T>(value: T) => T;

/**
 * Most values hold no secret and come back as they are.
 * @param known the secrets: the same array for as long as no other one becomes known
 */
export function createConceal(known: () => readonly string[]): Conceal {
  let of: readonly string[] = [];
  let secrets: string[] = [];
  let forms: string[] = [];
  return <T>(value: T): T => {
    if (known() !== of) {
      of = known();
      secrets = of.filter((secret) => secret.length >= 6);
      forms = secrets.map((secret) => JSON.stringify(secret).slice(1, -1));
    }
    if (forms.length === 0) return value;
    const text = JSON.stringify(value);
    if (!forms.some((form) => text.includes(form))) return value;
    return without(secrets, JSON.parse(text)) as T;
  };
}

const without = (secrets: readonly string[], value: unknown): unknown => {
  const clean = (text: string): string => secrets.reduce((safe, secret) => safe.replaceAll(secret, "[redacted]"), text);
  if (typeof value === "string") return clean(value);
  // A secret of digits alone may stand in a longer number without being told by it.
  if (typeof value === "number") return secrets.includes(String(value)) ? "[redacted]" : value;
  if (Array.isArray(value)) return value.map((each) => without(secrets, each));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [clean(key), without(secrets, each)]));
};

/** Takes out of a service's words what must not be said again. */
export type Withhold = (said: string) => string;

/**
 * For words that repeat our own request: its token, and what a person wrote in it. Before they are cut short, since half
 * of a secret is found by nobody.
 */
export function withholding(sent: readonly string[]): Withhold {
  const forms = sent.flatMap(spellingsOf).filter((form) => form.length >= 6);
  return (said) => forms.reduce((safe, form) => safe.replaceAll(form, "[redacted]"), said);
}

/** As a service may repeat a text: as it is, as JSON, as a form. */
function spellingsOf(given: string): string[] {
  const text = given.toWellFormed();
  const inForm = String(new URLSearchParams([["", text]])).slice(1);
  const all = new Set([text, JSON.stringify(text).slice(1, -1), inForm, encodeURIComponent(text)]);
  // The longest first, or one would break up another that holds it.
  return [...all].sort((a, b) => b.length - a.length);
}
