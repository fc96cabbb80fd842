import { invalidParameters } from "../core/errors.ts";
import type { OAuthProvider } from "../core/oauth-provider.ts";
import { isRecord } from "../core/parameters.ts";

const api = "https://www.googleapis.com/auth";

/** Google, as its documentation of OAuth 2.0 for desktop and web applications describes it. */
export const google: OAuthProvider = {
  id: "google",
  name: "Google",
  services: [
    { id: "gmail", name: "Gmail", scopes: [`${api}/gmail.readonly`, `${api}/gmail.send`] },
    { id: "google_calendar", name: "Google Calendar", scopes: [`${api}/calendar.events`, `${api}/calendar.freebusy`] },
  ],
  endpoints: {
    authorize: { setting: "GOOGLE_ACCOUNTS_BASE_URL", path: "/o/oauth2/v2/auth" },
    token: { setting: "GOOGLE_OAUTH_BASE_URL", path: "/token" },
    revoke: { setting: "GOOGLE_OAUTH_BASE_URL", path: "/revoke" },
  },
  client: { id: "GOOGLE_CLIENT_ID", secret: "GOOGLE_CLIENT_SECRET", type: "GOOGLE_CLIENT_TYPE" },
  modes: { desktop: ["loopback", "paste"], web: ["registered", "paste"] },
  pkce: true,
  loginHint: true,
  issuer: "https://accounts.google.com",
  // Without the prompt, only a person's first consent brings a refresh token.
  parameters: { access_type: "offline", prompt: "consent", include_granted_scopes: "true" },
  chooseParameters: { prompt: "select_account consent" },
  identityScopes: ["openid", "email"],
  sameScopes: { [`${api}/userinfo.email`]: "email", [`${api}/userinfo.profile`]: "profile" },
  widerScopes: {
    "https://mail.google.com/": [`${api}/gmail.modify`, `${api}/gmail.readonly`, `${api}/gmail.send`],
    [`${api}/gmail.modify`]: [`${api}/gmail.readonly`, `${api}/gmail.send`],
    [`${api}/gmail.compose`]: [`${api}/gmail.send`],
    [`${api}/calendar`]: [
      `${api}/calendar.events`,
      `${api}/calendar.events.readonly`,
      `${api}/calendar.readonly`,
      `${api}/calendar.freebusy`,
    ],
    [`${api}/calendar.readonly`]: [`${api}/calendar.events.readonly`, `${api}/calendar.freebusy`],
    [`${api}/calendar.events`]: [`${api}/calendar.events.readonly`],
  },
  rotates: false,
  endings: [
    'the Google app is in status "Testing", whose logins end after 7 days',
    "access was removed at myaccount.google.com/permissions",
    "the account's password was changed",
    "it was not used for six months",
  ],
  manageUrl: "https://myaccount.google.com/permissions",
  setup: (callback) => [
    "You need a client id of your own, once, and free of charge:",
    "1. Open https://console.cloud.google.com/projectcreate and make a project.",
    "2. Enable the Gmail API and the Google Calendar API: https://console.cloud.google.com/apis/library",
    "3. Fill in https://console.cloud.google.com/auth/branding and, under Audience, choose External and publish the app:",
    "   one that stays in Testing loses its logins after 7 days.",
    '4. At https://console.cloud.google.com/auth/clients create a client of the type "Desktop app".',
    ...(callback === undefined
      ? []
      : [`   (For a daemon that others reach: "Web application" with the redirect URI ${callback})`]),
    "5. Download its JSON file.",
  ],
  readClientFile(text) {
    const file = parse(text);
    const type = isRecord(file.installed) ? "desktop" : "web";
    const client = file.installed ?? file.web;
    const id = isRecord(client) ? client.client_id : undefined;
    const secret = isRecord(client) ? client.client_secret : undefined;
    if (typeof id === "string" && /^[\w.-]+\.apps\.googleusercontent\.com$/.test(id) && typeof secret === "string") {
      return { GOOGLE_CLIENT_ID: id, GOOGLE_CLIENT_SECRET: secret, GOOGLE_CLIENT_TYPE: type };
    }
    throw notThatFile();
  },
};

function parse(text: string): Record<string, unknown> {
  try {
    const file: unknown = JSON.parse(text);
    if (isRecord(file)) return file;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw notThatFile();
}

const notThatFile = () =>
  invalidParameters(
    ["client-file is not the JSON of an OAuth client that Google's console offers for download"],
    "Download it at https://console.cloud.google.com/auth/clients: a client of the type Desktop app or Web application.",
  );
