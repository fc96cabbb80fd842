import type { AuthLevel } from "../../src/http/auth.ts";

/** What a route is expected to be. A route that is not here fails the suite. */
export interface Expectation {
  level: AuthLevel;
  /** A real path. */
  path: string;
  /** A body that the route takes; absent for routes without one. */
  body?: Record<string, unknown>;
  /** Whether the body is checked against a schema that refuses unknown fields. */
  strict?: boolean;
  /** Whether the path names something that does not exist. */
  missing?: true;
  /** Whether the answer never ends. */
  stream?: true;
  /** A body whose types are wrong. */
  wrong?: Record<string, unknown>;
}

const api = "/api/v1";
const tools = `${api}/mcp/tools`;

export const expectations: Record<string, Expectation> = {
  [`GET ${api}/health`]: { level: "open", path: `${api}/health` },
  [`GET ${api}/health/live`]: { level: "open", path: `${api}/health/live` },
  [`GET ${api}/health/ready`]: { level: "open", path: `${api}/health/ready` },
  [`POST ${api}/auth/login`]: {
    level: "none",
    path: `${api}/auth/login`,
    body: { user_id: "mia", auth_token: "x" },
    strict: true,
    wrong: { user_id: 5, auth_token: ["x"] },
  },
  [`POST ${api}/auth/device`]: {
    level: "none",
    path: `${api}/auth/device`,
    body: { device_token: "x" },
    strict: true,
    wrong: { device_token: 5 },
  },
  [`POST ${api}/auth/logout`]: { level: "user", path: `${api}/auth/logout` },
  [`GET ${api}/auth/session`]: { level: "tools", path: `${api}/auth/session` },
  [`GET ${api}/auth/sessions`]: { level: "user", path: `${api}/auth/sessions` },
  [`DELETE ${api}/auth/sessions/:id`]: { level: "user", path: `${api}/auth/sessions/ses_x` },
  [`GET ${api}/auth/services`]: { level: "user", path: `${api}/auth/services` },
  [`POST ${api}/auth/services/:service/login`]: {
    level: "user",
    path: `${api}/auth/services/nowhere/login`,
    body: { mode: "paste" },
    strict: true,
    missing: true,
    wrong: { mode: 5, actions: "all" },
  },
  [`POST ${api}/auth/services/:service/token`]: {
    level: "user",
    path: `${api}/auth/services/nowhere/token`,
    body: { token: "x" },
    strict: true,
    missing: true,
    wrong: { token: 5 },
  },
  [`DELETE ${api}/auth/services/:service`]: {
    level: "user",
    path: `${api}/auth/services/gmail`,
    missing: true,
  },
  [`GET ${api}/auth/logins/:id`]: { level: "user", path: `${api}/auth/logins/lgn_x`, missing: true },
  [`POST ${api}/auth/logins/:id/paste`]: {
    level: "user",
    path: `${api}/auth/logins/lgn_x/paste`,
    body: { url: "http://127.0.0.1:1/?code=x&state=y" },
    missing: true,
  },
  [`DELETE ${api}/auth/logins/:id`]: { level: "user", path: `${api}/auth/logins/lgn_x`, missing: true },
  [`GET ${api}/auth/accounts`]: { level: "user", path: `${api}/auth/accounts` },
  [`PATCH ${api}/auth/accounts/:account`]: {
    level: "user",
    path: `${api}/auth/accounts/nobody`,
    body: { default: true },
    missing: true,
  },
  "GET /connect/:provider": { level: "none", path: "/connect/gmail?ticket=x" },
  "GET /connect/:provider/callback": { level: "none", path: "/connect/google/callback" },
  "GET /webhooks/:webhook": { level: "signed", path: "/webhooks/whatsapp" },
  "POST /webhooks/:webhook": { level: "signed", path: "/webhooks/whatsapp" },
  [`GET ${tools}/`]: { level: "tools", path: `${tools}` },
  [`GET ${tools}/:id`]: { level: "tools", path: `${tools}/echo` },
  [`POST ${tools}/:id/execute`]: {
    level: "tools",
    path: `${tools}/echo/execute`,
    body: { parameters: { text: "x" } },
    strict: true,
    wrong: { parameters: "x" },
  },
  [`POST ${api}/mcp/interpret`]: {
    level: "tools",
    path: `${api}/mcp/interpret`,
    body: { transcript: "say hello" },
    strict: true,
    wrong: { transcript: 5, time_zone: "Mars" },
  },
  [`GET ${tools}/:id/config`]: { level: "tools", path: `${tools}/echo/config` },
  [`PUT ${tools}/:id/config`]: config(),
  [`POST ${tools}/:id/config`]: config(),
  [`DELETE ${tools}/:id/config`]: { level: "user", path: `${tools}/echo/config` },
  [`GET ${api}/mcp/approvals/`]: { level: "user", path: `${api}/mcp/approvals` },
  [`GET ${api}/mcp/approvals/:id`]: { level: "tools", path: `${api}/mcp/approvals/apr_x`, missing: true },
  [`GET ${api}/mcp/approvals/:id/outcome`]: {
    level: "tools",
    path: `${api}/mcp/approvals/apr_x/outcome`,
    missing: true,
  },
  [`POST ${api}/mcp/approvals/:id/approve`]: { level: "user", path: `${api}/mcp/approvals/apr_x/approve` },
  [`POST ${api}/mcp/approvals/:id/deny`]: { level: "user", path: `${api}/mcp/approvals/apr_x/deny` },
  [`GET ${api}/mcp/providers/`]: { level: "user", path: `${api}/mcp/providers` },
  [`GET ${api}/mcp/history`]: { level: "user", path: `${api}/mcp/history` },
  [`GET ${api}/mcp/usage`]: { level: "user", path: `${api}/mcp/usage` },
  [`GET ${api}/mcp/events`]: { level: "user", path: `${api}/mcp/events`, stream: true },
  [`GET ${api}/profile`]: { level: "user", path: `${api}/profile` },
  [`PATCH ${api}/profile`]: {
    level: "user",
    path: `${api}/profile`,
    body: { units: "metric" },
    strict: true,
    wrong: { units: 5 },
  },
  [`GET ${api}/places/`]: { level: "user", path: `${api}/places` },
  [`POST ${api}/places/`]: {
    level: "user",
    path: `${api}/places`,
    body: { name: "Quay" },
    strict: true,
    wrong: { name: 5, latitude: "x" },
  },
  [`PATCH ${api}/places/:id`]: {
    level: "user",
    path: `${api}/places/plc_x`,
    body: { label: "home" },
    strict: true,
    wrong: { label: 5 },
  },
  [`DELETE ${api}/places/:id`]: { level: "user", path: `${api}/places/plc_x` },
  [`POST ${api}/places/import`]: {
    level: "user",
    path: `${api}/places/import`,
    body: { name: "list.csv", content: btoa("Title,Note,URL,Tags,Comment\n") },
    strict: true,
    wrong: { name: 5, content: ["x"] },
  },
  [`GET ${api}/users/`]: { level: "admin", path: `${api}/users` },
  [`POST ${api}/users/`]: {
    level: "admin",
    path: `${api}/users`,
    body: { id: "new" },
    strict: true,
    wrong: { id: 5 },
  },
  [`GET ${api}/users/:id`]: { level: "user", path: `${api}/users/mia` },
  [`PATCH ${api}/users/:id`]: {
    level: "admin",
    path: `${api}/users/olaf`,
    body: { role: "member" },
    strict: true,
    wrong: { role: "king" },
  },
  [`DELETE ${api}/users/:id`]: { level: "admin", path: `${api}/users/nobody` },
  [`POST ${api}/users/:id/tokens`]: {
    level: "admin",
    path: `${api}/users/mia/tokens`,
    body: { expires_in_s: 60 },
    strict: true,
    wrong: { expires_in_s: "long" },
  },
  [`GET ${api}/tokens/`]: { level: "user", path: `${api}/tokens` },
  [`POST ${api}/tokens/`]: {
    level: "user",
    path: `${api}/tokens`,
    body: { name: "one more" },
    strict: true,
    wrong: { name: 5, tools: "all" },
  },
  [`DELETE ${api}/tokens/:id`]: { level: "user", path: `${api}/tokens/tok_x` },
  [`POST ${api}/devices/claim`]: {
    level: "none",
    path: `${api}/devices/claim`,
    body: { code: "x", name: "Phone" },
    strict: true,
    wrong: { code: 5, name: ["x"] },
  },
  [`POST ${api}/devices/claim/number`]: {
    level: "none",
    path: `${api}/devices/claim/number`,
    body: { claim_token: "x", nonce: "A".repeat(43) },
    strict: true,
    wrong: { claim_token: 5, nonce: "short" },
  },
  [`POST ${api}/devices/claim/wait`]: {
    level: "none",
    path: `${api}/devices/claim/wait`,
    body: { claim_token: "x" },
    strict: true,
    wrong: { claim_token: 5, wait_s: "long" },
  },
  [`GET ${api}/devices/`]: { level: "user", path: `${api}/devices` },
  [`PATCH ${api}/devices/:id`]: {
    level: "user",
    path: `${api}/devices/dev_x`,
    body: { name: "Phone" },
    strict: true,
    wrong: { name: 5 },
  },
  [`DELETE ${api}/devices/:id`]: { level: "user", path: `${api}/devices/dev_x` },
  "GET /lan": { level: "none", path: "/lan" },
  "GET /lan/ca.crt": { level: "none", path: "/lan/ca.crt" },
  ...Object.fromEntries(
    ["/", "/pair", "/worker.js", ...["page.js", "page.css", "manifest.webmanifest"].map((name) => `/web/${name}`)]
      .concat(["icon.svg", "icon-192.png", "icon-512.png"].map((name) => `/web/${name}`))
      .map((path): [string, Expectation] => [`GET ${path}`, { level: "open", path }]),
  ),
  "POST /mcp": {
    level: "agent",
    path: "/mcp",
    body: { jsonrpc: "2.0", id: 1, method: "ping" },
  },
  "GET /mcp": { level: "agent", path: "/mcp" },
  "DELETE /mcp": { level: "agent", path: "/mcp" },
  "GET /.well-known/oauth-protected-resource": { level: "none", path: "/.well-known/oauth-protected-resource" },
  "GET /.well-known/oauth-protected-resource/mcp": { level: "none", path: "/.well-known/oauth-protected-resource/mcp" },
  "GET /.well-known/oauth-authorization-server": { level: "none", path: "/.well-known/oauth-authorization-server" },
  "POST /oauth/register": {
    level: "none",
    path: "/oauth/register",
    body: { redirect_uris: ["http://127.0.0.1/back"] },
    wrong: { redirect_uris: "http://127.0.0.1/back" },
  },
  "GET /oauth/authorize": { level: "none", path: "/oauth/authorize?client_id=x" },
  "GET /oauth/consent": { level: "open", path: `/oauth/consent?id=${"x".repeat(43)}` },
  "POST /oauth/token": { level: "form", path: "/oauth/token" },
  "POST /oauth/revoke": { level: "form", path: "/oauth/revoke" },
  [`GET ${api}/clients/`]: { level: "user", path: `${api}/clients` },
  [`PATCH ${api}/clients/:id`]: {
    level: "user",
    path: `${api}/clients/mcl_x`,
    body: { read_only: true },
    missing: true,
  },
  [`DELETE ${api}/clients/:id`]: { level: "user", path: `${api}/clients/mcl_x`, missing: true },
  [`GET ${api}/clients/requests/:number`]: {
    level: "user",
    path: `${api}/clients/requests/1234-5678`,
    missing: true,
  },
  [`POST ${api}/clients/requests/:number/allow`]: {
    level: "user",
    path: `${api}/clients/requests/1234-5678/allow`,
    body: { read_only: true },
    missing: true,
  },
  [`POST ${api}/clients/requests/:number/deny`]: {
    level: "user",
    path: `${api}/clients/requests/1234-5678/deny`,
    missing: true,
  },
  "GET /openapi.json": { level: "none", path: "/openapi.json" },
  "GET /docs": { level: "none", path: "/docs" },
  "GET /docs/start.js": { level: "none", path: "/docs/start.js" },
  "GET /docs/swagger-ui.js": { level: "none", path: "/docs/swagger-ui.js" },
  "GET /docs/swagger-ui.css": { level: "none", path: "/docs/swagger-ui.css" },
};

function config(): Expectation {
  return {
    level: "user",
    path: `${tools}/echo/config`,
    body: { priority: 4 },
    strict: true,
    wrong: { priority: "high" },
  };
}
