import { type AuthorizationRequest, checkAuthorization } from "./authorization-request.ts";
import { issuer } from "./clients.ts";
import { issueCode } from "./codes.ts";
import { consentPage } from "./consent-page.ts";
import { readForm } from "./form.ts";
import { allow, findGrant, has, isAllowed, scopesOf } from "./grants.ts";
import { errorPage, isForeign } from "./page.ts";
import { findPerson, people } from "./people.ts";
import { asGranted, needsTick } from "./scopes.ts";

/** Answers at /o/oauth2/v2/auth: GET shows the consent page, POST is what the person decided there. */
export async function answerAuthorization(
  request: Request,
  query: URLSearchParams,
  now: Date,
  folder: string,
): Promise<Response> {
  const asked = checkAuthorization(query);
  if (asked instanceof Response) return asked;
  const { pathname, search } = new URL(request.url);
  const ask = (problem?: string): Response => consentPage(asked, `${pathname}${search}`, problem);
  if (request.method !== "POST") return asked.prompts.includes("none") ? skipConsent(asked, now, folder) : ask();
  if (isForeign(request)) return errorPage(400, "invalid_request", "This form was sent from another site.");
  const form = await readForm(request);
  if (form.get("decision") === "deny") return sendBack(asked, { error: "access_denied" });
  if (form.get("decision") !== "allow") return ask("Choose Allow or Cancel.");
  const person = findPerson(form.get("account") ?? "");
  if (!person) return ask("Choose an account.");
  const ticked = (scope: string): boolean => form.has("all") || form.getAll("scope").includes(scope);
  const scopes = asked.scopes.filter((scope) => !needsTick(scope) || ticked(scope));
  return scopes.length > 0
    ? grant(asked, person.email, scopes, "consent", now, folder)
    : sendBack(asked, { error: "access_denied" });
}

/** prompt=none: somebody named by the hint, who allowed all of it before, is not asked again. */
function skipConsent(asked: AuthorizationRequest, now: Date, folder: string): Response {
  const person = people.find(({ email, sub }) => email === asked.loginHint || sub === asked.loginHint);
  const earlier = person && findGrant(folder, asked.client.id, person.email);
  return person && earlier && isAllowed(earlier, asGranted(asked.scopes))
    ? grant(asked, person.email, asked.scopes, "none", now, folder)
    : sendBack(asked, { error: "interaction_required" });
}

function grant(
  asked: AuthorizationRequest,
  email: string,
  scopes: string[],
  prompt: "consent" | "none",
  now: Date,
  folder: string,
): Response {
  const granted = asGranted(scopes);
  const { grant, isMore } = allow(folder, asked.client.id, email, granted, now);
  const isFirst = isMore || !has(grant, "offline");
  const code = issueCode(grant, {
    redirectUri: asked.redirectUri,
    scopes: asked.joins ? [...new Set([...granted, ...scopesOf(grant)])] : granted,
    offline: asked.offline && (isFirst || asked.prompts.includes("consent")),
    ...(asked.challenge && asked.challengeMethod
      ? { challenge: asked.challenge, challengeMethod: asked.challengeMethod }
      : {}),
    ...(asked.nonce ? { nonce: asked.nonce } : {}),
    at: now.toISOString(),
  });
  if (code === undefined) return sendBack(asked, { error: "access_denied" });
  return sendBack(asked, { code, scope: [...new Set([...scopes, ...granted])].join(" "), authuser: "0", prompt });
}

/** Sends the browser back to the app. Google names itself as the issuer, between state and code. */
function sendBack({ redirectUri, state }: AuthorizationRequest, answer: Record<string, string>): Response {
  const url = new URL(redirectUri);
  for (const [name, value] of Object.entries({ ...(state ? { state } : {}), iss: issuer, ...answer })) {
    url.searchParams.set(name, value);
  }
  return new Response(null, { status: 302, headers: { location: url.href, "cache-control": "no-store" } });
}
