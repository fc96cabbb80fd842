import { isSame } from "../../core/secret.ts";
import { readFields, readForm } from "../google/form.ts";
import { escapeHtml, isForeign, page } from "../google/page.ts";
import { consentPage, isRegistered, sendBack } from "../registered-app.ts";
import { clientId, clientSecret, issueCode, issueToken, redeem } from "./tokens.ts";
import { appId, members, team } from "./workspace.ts";

const knownScopes =
  "chat:write channels:read groups:read im:read mpim:read channels:history groups:history im:history mpim:history im:write users:read users:read.email search:read".split(
    " ",
  );

const errorPage = (sentence: string): Response =>
  page("Something went wrong", `<p>${escapeHtml(sentence)}</p>`, 400, "Slack");

/** Answers at /oauth/v2/authorize: the page, and what the person decided there. Slack asks for all or nothing. */
export async function answerAuthorization(
  request: Request,
  query: URLSearchParams,
  now: Date,
  folder: string,
): Promise<Response> {
  const fields = readFields(query, [
    "client_id",
    "user_scope",
    "scope",
    "redirect_uri",
    "state",
    "response_type",
    "team",
  ]);
  if (typeof fields === "string") return errorPage(fields);
  if (fields.client_id !== clientId) return errorPage("Invalid client_id parameter");
  const redirectUri = fields.redirect_uri ?? "";
  if (!isRegistered("slack", redirectUri))
    return errorPage(`redirect_uri did not match any configured URIs. Passed URI: ${redirectUri}`);
  const scopes = (fields.user_scope ?? "").split(",").filter(Boolean);
  const unknown = scopes.filter((scope) => !knownScopes.includes(scope));
  if (scopes.length === 0 || unknown.length > 0)
    return errorPage(`Invalid permissions requested: ${unknown.join(", ")}`);
  const back = (answer: Record<string, string>): Response => sendBack(redirectUri, fields.state, answer);
  if (request.method !== "POST") {
    return consentPage(request.url, {
      service: "Slack",
      title: "Allow access to the workspace?",
      asks: `asks to act for you in ${team.name}, with:`,
      scopes,
      people: members.filter(({ email }) => email !== undefined).map(({ id, realName }) => [id, realName]),
      redirectUri,
    });
  }
  if (isForeign(request)) return errorPage("This form was sent from another site.");
  const form = await readForm(request);
  const person = members.find(({ id, email }) => email !== undefined && id === form.get("account"));
  if (form.get("decision") !== "allow") return back({ error: "access_denied" });
  if (!person) return errorPage("Choose who you are.");
  return back({ code: issueCode(folder, { userId: person.id, scopes, redirectUri, at: now.toISOString() }) });
}

/** Answers POST /api/oauth.v2.access. A refusal has status 200 too. */
export async function answerAccess(request: Request, now: Date, folder: string): Promise<Response> {
  const refuse = (error: string): Response => Response.json({ ok: false, error });
  const fields = readFields(await readForm(request), [
    "grant_type",
    "code",
    "redirect_uri",
    "client_id",
    "client_secret",
  ]);
  if (typeof fields === "string") return refuse("invalid_arguments");
  if (fields.grant_type !== undefined && fields.grant_type !== "authorization_code")
    return refuse("invalid_grant_type");
  if (fields.client_id !== clientId) return refuse("invalid_client_id");
  if (!isSame(fields.client_secret ?? "", clientSecret)) return refuse("bad_client_secret");
  const code = redeem(folder, fields.code ?? "", now);
  if (typeof code === "string") return refuse(code);
  if (fields.redirect_uri !== code.redirectUri) return refuse("bad_redirect_uri");
  return Response.json({
    ok: true,
    app_id: appId,
    authed_user: {
      id: code.userId,
      scope: code.scopes.join(","),
      access_token: issueToken(folder, code.userId, code.scopes),
      token_type: "user",
    },
    team: { id: team.id, name: team.name },
    enterprise: null,
    is_enterprise_install: false,
  });
}
