import { recordIn, textIn, under } from "../core/answer.ts";
import { AppError } from "../core/errors.ts";
import type { Asking, ConfirmedToken, OAuthProvider } from "../core/oauth-provider.ts";
import { isRecord, printable } from "../core/parameters.ts";

const slackBase = "SLACK_BASE_URL";
const wordsOf = (text: string): string[] => text.split(/[ ,]+/).filter((word) => word !== "");

/** Slack, as its documentation of OAuth v2 describes it. A person's own token comes as `authed_user`. */
export const slack: OAuthProvider = {
  id: "slack",
  name: "Slack",
  services: [
    {
      id: "slack",
      name: "Slack",
      scopes: [
        "chat:write",
        "channels:read",
        "groups:read",
        "im:read",
        "mpim:read",
        "channels:history",
        "groups:history",
        "im:history",
        "mpim:history",
        "im:write",
        "users:read",
        "users:read.email",
        "search:read",
      ],
    },
  ],
  endpoints: {
    authorize: { setting: slackBase, path: "/oauth/v2/authorize" },
    token: { setting: slackBase, path: "/api/oauth.v2.access" },
    revoke: { setting: slackBase, path: "/api/auth.revoke" },
  },
  client: { id: "SLACK_CLIENT_ID", secret: "SLACK_CLIENT_SECRET" },
  modes: { app: ["registered", "paste", "token"] },
  pkce: false,
  parameters: {},
  // `scope` would ask for a bot's.
  scopeParameter: { name: "user_scope", separator: "," },
  identityScopes: [],
  sameScopes: {},
  widerScopes: {},
  rotates: true,
  endings: [
    "the app was removed from the workspace",
    "access was taken away at the workspace's app settings",
    "the member was deactivated",
  ],
  manageUrl: "https://slack.com/apps/manage",
  installation: { setting: "SLACK_BOT_TOKEN" },
  setup: (callback) => [
    "You need a Slack app of your own, once, and free of charge:",
    "1. Open https://api.slack.com/apps, choose Create New App, From scratch, and pick your workspace.",
    "2. Under OAuth & Permissions add these User Token Scopes (and the same, without search:read, as Bot Token Scopes",
    `   if a bot is to write): ${slack.services.flatMap(({ scopes }) => scopes).join(", ")}`,
    `3. There, add the Redirect URL ${callback ?? "https://<your address>/connect/slack/callback"}`,
    ...(callback === undefined
      ? ["   and tell it to mcqueen: mcqueen settings set PUBLIC_URL https://<your address>"]
      : []),
    "4. Under Basic Information copy the Client ID and the Client Secret.",
    "Without an address of yours: Install to Workspace, copy the token, and run mcqueen login slack --token",
  ],
  readTokenAnswer: readSlackAnswer,
  confirmToken,
};

const ended =
  /^(invalid_code|code_already_used|code_expired|bad_redirect_uri|invalid_refresh_token|token_revoked|token_expired|invalid_auth|account_inactive|not_authed)$/;
const badClient = /^(invalid_client_id|bad_client_secret|invalid_client)$/;

/** Slack says everything with status 200, a refusal by `ok: false`. */
export function readSlackAnswer(json: unknown): unknown {
  if (!isRecord(json) || json.ok !== true) {
    const said = textIn(json, "error") ?? "an answer that is not understood";
    const error = ended.test(said) ? "invalid_grant" : badClient.test(said) ? "invalid_client" : "server_error";
    return { error, error_description: said };
  }
  const person = recordIn(json, "authed_user");
  return person && textIn(person, "access_token") ? person : json;
}

/** auth.test says whose token it is, and in a header what it may do. */
async function confirmToken(token: string, { http, setting }: Asking): Promise<ConfirmedToken> {
  const { json, headers } = await http.json({
    provider: "Slack",
    url: under((await setting(slackBase)) ?? "https://slack.com", "/api/auth.test"),
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    form: {},
    idempotent: true,
  });
  const [team, user] = [textIn(json, "team_id"), textIn(json, "user_id")];
  if (!isRecord(json) || json.ok !== true || team === undefined || user === undefined) {
    throw new AppError(
      "invalid_parameters",
      `Slack does not take this token: ${printable(textIn(json, "error") ?? "its answer is not understood")}`,
      { hint: "Copy it whole, from OAuth & Permissions at https://api.slack.com/apps: it begins with xoxb- or xoxp-." },
    );
  }
  const scopes = headers.get("x-oauth-scopes");
  const domain = URL.parse(textIn(json, "url") ?? "")?.hostname.split(".")[0];
  const name = printable(textIn(json, "user") ?? user);
  return {
    identity: { subject: `${team}/${user}`, label: domain === undefined ? name : `${name}@${domain}` },
    ...(scopes === null ? {} : { scopes: wordsOf(scopes) }),
  };
}
