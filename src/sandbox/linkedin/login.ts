import { isSame, randomText } from "../../core/secret.ts";
import { type Fields, readFields, readForm } from "../google/form.ts";
import { escapeHtml, isForeign, page } from "../google/page.ts";
import { type Choice, consentPage, isRegistered, peopleFieldset, sendBack } from "../registered-app.ts";
import {
  clientId,
  clientSecret,
  findToken,
  issueCode,
  issueToken,
  listPosts,
  members,
  redeem,
  revokeAll,
  tokenLifeS,
} from "./state.ts";

const knownScopes = ["openid", "profile", "email", "w_member_social"];

const errorPage = (sentence: string): Response =>
  page("Bummer, something went wrong.", `<p>${escapeHtml(sentence)}</p>`, 400, "LinkedIn");

/** Answers at /oauth/v2/authorization: the page, and what the member decided there. */
export async function answerAuthorization(
  request: Request,
  query: URLSearchParams,
  now: Date,
  folder: string,
): Promise<Response> {
  const fields = readFields(query, ["response_type", "client_id", "redirect_uri", "state", "scope", "prompt"]);
  if (typeof fields === "string") return errorPage(fields);
  const redirectUri = fields.redirect_uri ?? "";
  if (fields.client_id !== clientId)
    return errorPage("We can't verify the authenticity of your request because the client_id is unknown.");
  if (!isRegistered("linkedin", redirectUri)) return errorPage("The redirect_uri does not match the registered value");
  const back = (answer: Record<string, string>): Response => sendBack(redirectUri, fields.state, answer);
  const scopes = (fields.scope ?? "").split(/[ ,]+/).filter(Boolean);
  const unknown = scopes.find((scope) => !knownScopes.includes(scope));
  if (fields.response_type !== "code")
    return back({ error: "invalid_request", error_description: "response_type must be code" });
  if (unknown !== undefined || scopes.length === 0) {
    return back({
      error: "unauthorized_scope_error",
      error_description: `Scope "${unknown}" is not authorized for your application`,
    });
  }
  if (request.method !== "POST") {
    return consentPage(request.url, {
      service: "LinkedIn",
      title: "Sign in and allow access?",
      asks: "asks for:",
      scopes,
      people: everybody(),
      redirectUri,
    });
  }
  if (isForeign(request)) return errorPage("This form was sent from another site.");
  const form = await readForm(request);
  if (form.get("decision") !== "allow") {
    return back({ error: "user_cancelled_authorize", error_description: "The user cancelled the authorization" });
  }
  const member = members.find(({ sub }) => sub === form.get("account"));
  if (!member) return errorPage("Choose who you are.");
  return back({ code: issueCode(folder, { sub: member.sub, scopes, redirectUri, at: now.toISOString() }) });
}

const everybody = (): Choice[] => members.map(({ sub, given, family }) => [sub, `${given} ${family}`]);

const refuse = (status: number, error: string, error_description: string): Response =>
  Response.json({ error, error_description }, { status });

const badClient = ({ client_id, client_secret }: Fields): boolean =>
  client_id !== clientId || !isSame(client_secret ?? "", clientSecret);

/** Answers POST /oauth/v2/accessToken. There is no refresh token for ordinary apps. */
export async function answerToken(request: Request, now: Date, folder: string): Promise<Response> {
  const fields = readFields(await readForm(request), [
    "grant_type",
    "code",
    "redirect_uri",
    "client_id",
    "client_secret",
  ]);
  if (typeof fields === "string") return refuse(400, "invalid_request", fields);
  if (badClient(fields)) return refuse(401, "invalid_client", "Client authentication failed");
  if (fields.grant_type !== "authorization_code")
    return refuse(400, "unsupported_grant_type", "The grant type is not supported");
  const code = redeem(folder, fields.code ?? "", now);
  if (!code || code.redirectUri !== fields.redirect_uri) {
    return refuse(
      400,
      "invalid_request",
      "Unable to retrieve access token: appid/redirect uri/code verifier does not match authorization code. Or authorization code expired. Or external member binding exists",
    );
  }
  const member = members.find(({ sub }) => sub === code.sub);
  const claims = { iss: "https://www.linkedin.com/oauth", aud: clientId, sub: code.sub, email: member?.email };
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  return Response.json({
    access_token: issueToken(folder, { sub: code.sub, scopes: code.scopes, at: now.toISOString() }),
    expires_in: tokenLifeS - 1,
    scope: code.scopes.join(","),
    token_type: "Bearer",
    ...(code.scopes.includes("openid")
      ? { id_token: `${part({ alg: "RS256" })}.${part(claims)}.${randomText(64, "base64url")}` }
      : {}),
  });
}

/** Answers POST /oauth/v2/introspectToken. */
export async function answerIntrospection(request: Request, now: Date, folder: string): Promise<Response> {
  const fields = readFields(await readForm(request), ["client_id", "client_secret", "token"]);
  if (typeof fields === "string") return refuse(400, "invalid_request", fields);
  if (badClient(fields)) return refuse(401, "invalid_client", "Client authentication failed");
  const found = findToken(folder, fields.token ?? "", now);
  if (!found || typeof found === "string") return Response.json({ active: false, status: found ?? "unknown" });
  return Response.json({
    active: true,
    client_id: clientId,
    status: "active",
    scope: found.scopes.join(","),
    created_at: Math.floor(Date.parse(found.at) / 1000),
    expires_at: Math.floor(found.end.getTime() / 1000),
    auth_type: "3L",
  });
}

/** Answers at /developers/tools/oauth/token-generator, where a member makes a token by hand. */
export async function answerGenerator(request: Request, now: Date, folder: string): Promise<Response> {
  const action = escapeHtml(new URL(request.url).pathname);
  const form = request.method === "POST" && !isForeign(request) ? await readForm(request) : new URLSearchParams();
  const member = members.find(({ sub }) => sub === form.get("account"));
  const scopes = form.getAll("scope").filter((scope) => knownScopes.includes(scope));
  if (member && form.has("revoke")) revokeAll(folder, member.sub);
  const token =
    member && scopes.length > 0 ? issueToken(folder, { sub: member.sub, scopes, at: now.toISOString() }) : undefined;
  const body = `
${token === undefined ? "" : `<p>Your access token, good for 60 days:</p><p><code id="token">${token}</code></p>`}
<form method="post" action="${action}">
${peopleFieldset(everybody())}
${knownScopes.map((scope) => `<label><input type="checkbox" name="scope" value="${scope}"> ${scope}</label>`).join("\n")}
<button>Request access token</button>
<button name="revoke" value="yes">Take all access away</button>
</form>`;
  return page("Token generator", body, 200, "LinkedIn");
}

/** Answers at /feed/: what was posted. */
export const answerFeed = (folder: string): Response =>
  page(
    "Feed",
    listPosts(folder)
      .map(({ author, commentary, visibility, article }) => {
        const member = members.find(({ sub }) => author.endsWith(`:${sub}`));
        const link = article ? `<p>→ ${escapeHtml(article.title)}: <code>${escapeHtml(article.source)}</code></p>` : "";
        return `<section><h2>${escapeHtml(`${member?.given} ${member?.family}`)} (${escapeHtml(visibility)})</h2><p>${escapeHtml(commentary)}</p>${link}</section>`;
      })
      .join("\n") || "<p>Nothing has been posted.</p>",
    200,
    "LinkedIn",
  );
