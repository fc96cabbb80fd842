import type { Upstream } from "../upstream.ts";
import { answerAuthorization } from "./authorize.ts";
import { authorize } from "./bearer.ts";
import { desktopClientId, desktopClientSecret } from "./clients.ts";
import { errorPage } from "./page.ts";
import { claimsOf, findPerson } from "./people.ts";
import { answerPermissions } from "./permissions-page.ts";
import { answerRevocation, answerToken } from "./token.ts";

const oauthFailure = (status: number) => ({
  error: status === 503 ? "temporarily_unavailable" : status >= 500 ? "internal_failure" : "invalid_request",
  error_description: `refused with ${status}`,
});

const notFound = (): Response => errorPage(404, "not_found", "The requested URL was not found on this server.");

/** The pages that a person sees: consent, and the list of what was allowed. */
export const googleAccounts: Upstream = {
  id: "google-accounts",
  setting: "GOOGLE_ACCOUNTS_BASE_URL",
  defaults: {
    GOOGLE_CLIENT_ID: desktopClientId,
    GOOGLE_CLIENT_SECRET: desktopClientSecret,
    GOOGLE_CLIENT_TYPE: "desktop",
  },
  answer(request, path, query, now, folder) {
    if (!["GET", "POST"].includes(request.method)) return notFound();
    if (path === "/o/oauth2/v2/auth") return answerAuthorization(request, query, now, folder);
    return path === "/permissions" ? answerPermissions(request, folder) : notFound();
  },
  failure: oauthFailure,
};

/** What an app calls for tokens. */
export const googleOauth: Upstream = {
  id: "google-oauth",
  setting: "GOOGLE_OAUTH_BASE_URL",
  answer(request, path, _query, now, folder) {
    if (request.method === "POST" && path === "/token") return answerToken(request, now, folder);
    return request.method === "POST" && path === "/revoke" ? answerRevocation(request, now, folder) : notFound();
  },
  failure: oauthFailure,
};

const userinfo = { service: "oauth2.googleapis.com", method: "google.oauth2.v3.Userinfo.Get" };

/** Who the owner of an access token is. */
export const googleApi: Upstream = {
  id: "google-api",
  setting: "GOOGLE_API_BASE_URL",
  answer(request, path, _query, now, folder) {
    if (request.method !== "GET" || path !== "/oauth2/v3/userinfo") return notFound();
    const caller = authorize(folder, request, now, [["openid"]], userinfo);
    if (caller instanceof Response) return caller;
    const person = findPerson(caller.email);
    return person ? Response.json(claimsOf(person, caller.scopes)) : notFound();
  },
  failure: (status) => ({ error: { code: status, message: `refused with ${status}`, status: "UNKNOWN" } }),
};
