import { escapeHtml, page } from "./google/page.ts";

/** Whether an app is registered there: at its callback's path on any https host. No http, no loopback, nothing behind the path. */
export function isRegistered(provider: string, text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === "https:" && url.pathname === `/connect/${provider}/callback` && url.search + url.hash === "";
}

/** Sends the browser back to the app, with the answer and the app's own state. */
export function sendBack(redirectUri: string, state: string | undefined, answer: Record<string, string>): Response {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries({ ...answer, state: state ?? "" })) url.searchParams.set(name, value);
  return new Response(null, { status: 302, headers: { location: url.href, "cache-control": "no-store" } });
}

/** Somebody who may log in: the form's value, and the name. */
export type Choice = readonly [value: string, name: string];

export const peopleFieldset = (people: readonly Choice[]): string => `<fieldset><legend>Who are you?</legend>
${people.map(([value, name]) => `<label><input type="radio" name="account" value="${escapeHtml(value)}"> ${escapeHtml(name)}</label>`).join("\n")}
</fieldset>`;

interface Consent {
  service: string;
  title: string;
  /** What the app wants, before the scopes. */
  asks: string;
  scopes: readonly string[];
  people: readonly Choice[];
  redirectUri: string;
}

/** The page on which a person says who they are and allows all of it, or nothing. @param url that of the request */
export function consentPage(url: string, { service, title, asks, scopes, people, redirectUri }: Consent): Response {
  const { pathname, search } = new URL(url);
  const body = `
<p><strong>mcqueen</strong> ${escapeHtml(asks)} ${scopes.map((scope) => `<code>${escapeHtml(scope)}</code>`).join(", ")}. Afterwards you go on to <code>${escapeHtml(redirectUri)}</code>.</p>
<form method="post" action="${escapeHtml(pathname + search)}">
${peopleFieldset(people)}
<button name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Cancel</button>
</form>`;
  return page(title, body, 200, service);
}
