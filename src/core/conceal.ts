/** The same value without the known secrets, wherever they stand in it. Most values hold none and come back as they are. */
export function concealSecrets<T>(value: T, secrets: readonly string[]): T {
  const forms = secrets.filter((secret) => secret.length >= 6).map((secret) => JSON.stringify(secret).slice(1, -1));
  if (forms.length === 0) return value;
  const text = JSON.stringify(value);
  if (!forms.some((form) => text.includes(form))) return value;
  return JSON.parse(forms.reduce((safe, form) => safe.replaceAll(form, "[redacted]"), text)) as T;
}
