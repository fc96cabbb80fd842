import type { Upstream } from "../upstream.ts";
import { answerPost, answerUserinfo } from "./api.ts";
import { answerAuthorization, answerFeed, answerGenerator, answerIntrospection, answerToken } from "./login.ts";
import { clientId, clientSecret } from "./state.ts";

const failure = (status: number) => ({
  status,
  code: status === 429 ? "TOO_MANY_REQUESTS" : "INTERNAL_ERROR",
  message: `refused with ${status}`,
});
const notFound = (): Response =>
  Response.json({ status: 404, code: "RESOURCE_NOT_FOUND", message: "No virtual resource found" }, { status: 404 });

/** LinkedIn's pages: login, tokens, the generator of tokens, and the feed. */
export const linkedinPages: Upstream = {
  id: "linkedin-pages",
  setting: "LINKEDIN_OAUTH_BASE_URL",
  defaults: { LINKEDIN_CLIENT_ID: clientId, LINKEDIN_CLIENT_SECRET: clientSecret },
  answer(request, path, query, now, folder) {
    if (path === "/oauth/v2/authorization") return answerAuthorization(request, query, now, folder);
    if (path === "/developers/tools/oauth/token-generator") return answerGenerator(request, now, folder);
    if (path === "/feed/") return answerFeed(folder);
    if (request.method !== "POST") return notFound();
    if (path === "/oauth/v2/accessToken") return answerToken(request, now, folder);
    return path === "/oauth/v2/introspectToken" ? answerIntrospection(request, now, folder) : notFound();
  },
  failure,
};

/** LinkedIn's API. */
export const linkedinApi: Upstream = {
  id: "linkedin-api",
  setting: "LINKEDIN_BASE_URL",
  answer(request, path, _query, now, folder) {
    if (request.method === "GET" && path === "/v2/userinfo") return answerUserinfo(request, now, folder);
    return request.method === "POST" && path === "/rest/posts" ? answerPost(request, now, folder) : notFound();
  },
  failure,
};
