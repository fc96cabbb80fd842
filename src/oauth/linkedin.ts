import { numberIn, textIn, under } from "../core/answer.ts";
import { AppError } from "../core/errors.ts";
import type { Asking, ConfirmedToken, OAuthProvider } from "../core/oauth-provider.ts";
import { isRecord, printable } from "../core/parameters.ts";

const scopes = ["openid", "profile", "email", "w_member_social"];

/** LinkedIn for apps that anyone may make: who a member is, and posting in their name. */
export const linkedin: OAuthProvider = {
  id: "linkedin",
  name: "LinkedIn",
  services: [{ id: "linkedin", name: "LinkedIn", scopes }],
  endpoints: {
    authorize: { setting: "LINKEDIN_OAUTH_BASE_URL", path: "/oauth/v2/authorization" },
    token: { setting: "LINKEDIN_OAUTH_BASE_URL", path: "/oauth/v2/accessToken" },
  },
  client: { id: "LINKEDIN_CLIENT_ID", secret: "LINKEDIN_CLIENT_SECRET" },
  modes: { app: ["registered", "paste", "token"] },
  // Given to chosen apps only, on request.
  pkce: false,
  parameters: {},
  identityScopes: [],
  sameScopes: {},
  widerScopes: {},
  rotates: false,
  endings: [
    "LinkedIn's logins last 60 days and cannot be renewed",
    "access was removed in LinkedIn's settings, under Data privacy, Permitted services",
    "the account's password was changed",
  ],
  manageUrl: "https://www.linkedin.com/mypreferences/d/data-sharing-for-permitted-services",
  setup: (callback) => [
    "You need a LinkedIn app of your own, once, and free of charge:",
    "1. Open https://www.linkedin.com/developers/apps/new; it asks for a company page, which may be one of your own.",
    '2. Under Products add "Sign In with LinkedIn using OpenID Connect" and "Share on LinkedIn".',
    `3. Under Auth add the redirect URL ${callback ?? "https://<your address>/connect/linkedin/callback"}`,
    ...(callback === undefined
      ? ["   and tell it to mcqueen: mcqueen settings set PUBLIC_URL https://<your address>"]
      : []),
    "4. There, copy the Client ID and the Primary Client Secret.",
    "Without an address of yours: make a token at https://www.linkedin.com/developers/tools/oauth/token-generator",
    `   with the scopes ${scopes.join(", ")}, and run mcqueen login linkedin --token`,
  ],
  confirmToken,
};

/** Asks who the member is; with a client id also what the token may do and when it ends. */
async function confirmToken(token: string, asking: Asking): Promise<ConfirmedToken> {
  const base = (await asking.setting("LINKEDIN_BASE_URL")) ?? "https://api.linkedin.com";
  const { status, json } = await asking.http.json({
    provider: "LinkedIn",
    url: under(base, "/v2/userinfo"),
    headers: { authorization: `Bearer ${token}` },
    accept: (code) => code === 401 || code === 403,
  });
  const subject = textIn(json, "sub");
  if (status >= 300 || subject === undefined) {
    throw new AppError(
      "invalid_parameters",
      `LinkedIn does not take this token: ${printable(textIn(json, "message") ?? "its answer is not understood")}`,
      { hint: `It needs the scopes ${scopes.join(", ")}, and lasts 60 days from the day it was made.` },
    );
  }
  const label = textIn(json, "email") ?? textIn(json, "name");
  const identity = { subject, ...(label === undefined ? {} : { label: printable(label) }) };
  return { identity, ...(await introspect(token, asking)) };
}

async function introspect(token: string, { http, setting }: Asking): Promise<Omit<ConfirmedToken, "identity">> {
  const [id, secret] = [await setting("LINKEDIN_CLIENT_ID"), await setting("LINKEDIN_CLIENT_SECRET")];
  if (!id || !secret) return {};
  const base = (await setting("LINKEDIN_OAUTH_BASE_URL")) ?? "https://www.linkedin.com";
  const { status, json } = await http.json({
    provider: "LinkedIn",
    url: under(base, "/oauth/v2/introspectToken"),
    method: "POST",
    form: { client_id: id, client_secret: secret, token },
    idempotent: true,
    accept: (code) => code === 400 || code === 401 || code === 403,
  });
  // A token of another app is nothing that ours may ask about; LinkedIn has said whose it is all the same.
  if (status >= 300 || !isRecord(json) || json.active !== true) return {};
  const granted = textIn(json, "scope");
  const end = numberIn(json, "expires_at");
  return {
    ...(granted === undefined ? {} : { scopes: granted.split(/[ ,]+/) }),
    ...(end === undefined ? {} : { expiresAt: new Date(end * 1000) }),
  };
}
