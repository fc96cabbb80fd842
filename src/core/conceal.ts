/** The same value without the known secrets, wherever they stand in it. Most values hold none and come back as they are. */
export function concealSecrets<T>(value: T, secrets: readonly string[]): T {
  const forms = secrets.filter((secret) => secret.length >= 6).map((secret) => JSON.stringify(secret).slice(1, -1));
  if (forms.length === 0) return value;
  const text = JSON.stringify(value);
  if (!forms.some((form) => text.includes(form))) return value;
  return JSON.parse(forms.reduce((safe, form) => safe.replaceAll(form, "[redacted]"), text)) as T;
}

/**
 * A refusal without what it repeats of our request: its token, and what a person wrote. It is done before anything is cut
 * short, since half of a secret is found by nobody.
 */
export function withhold(answer: unknown, sent: readonly string[]): unknown {
  return answer === undefined ? undefined : concealSecrets(answer, sent.flatMap(spellingsOf));
}

/** As a service may repeat a text: as it is, as JSON, as a form. */
function spellingsOf(given: string): string[] {
  const text = given.toWellFormed();
  const inForm = String(new URLSearchParams([["", text]])).slice(1);
  return [...new Set([text, JSON.stringify(text).slice(1, -1), inForm, encodeURIComponent(text)])];
}
