import { Elysia } from "elysia";
import type { App } from "../../app.ts";
import { page } from "../../core/callback-page.ts";
import { redirectHost } from "../../core/client.ts";
import type { Authorization } from "../../core/client-login.ts";
import { OAuthRefusal } from "../../core/oauth-refusal.ts";
import type { Auth } from "../auth.ts";
import { placeOf } from "../origin.ts";
import { json } from "../replies.ts";

const resourceMetadata = "/.well-known/oauth-protected-resource";

/** How programs are let in: what the standards call an authorization server, and what it says of itself. */
export function oauthRoutes(app: App, auth: Auth) {
  const { logins, book } = app.clients;
  const describe = ({ request }: { request: Request }): Response => {
    const { issuer, resource } = placeOf(app, request);
    return json({
      resource,
      resource_name: "mcqueen",
      authorization_servers: [issuer],
      bearer_methods_supported: ["header"],
      scopes_supported: ["tools"],
    });
  };
  const detail = { summary: "What a program needs to know to be let in" };
  return new Elysia({ normalize: false, tags: ["agents"] })
    .use(auth.macro)
    .get(resourceMetadata, ({ request }) => describe({ request }), { auth: "none", detail })
    .get(`${resourceMetadata}/mcp`, ({ request }) => describe({ request }), { auth: "none", detail })
    .get(
      "/.well-known/oauth-authorization-server",
      ({ request }) => json(serverMetadata(placeOf(app, request).issuer)),
      {
        auth: "none",
        detail,
      },
    )
    .post(
      "/oauth/register",
      async ({ request, body }) =>
        inOwnWords(async () => {
          auth.gate.countRegistration(request);
          const { id, name, redirectUris, createdAt } = await book.register(body);
          const registered = {
            client_id: id,
            client_id_issued_at: Math.floor(createdAt.getTime() / 1000),
            client_name: name,
            redirect_uris: redirectUris,
            token_endpoint_auth_method: "none",
            grant_types: ["authorization_code", "refresh_token"],
            response_types: ["code"],
          };
          return json(registered, 201);
        }),
      { auth: "none", detail: { summary: "Make a program known (RFC 7591); it opens nothing yet" } },
    )
    .get(
      "/oauth/authorize",
      async ({ request }) => sendOn(await logins.authorize(new URL(request.url).searchParams, placeOf(app, request))),
      { auth: "none", detail: { summary: "A program's wish to be let in; answers a page or a redirect" } },
    )
    .get(
      "/oauth/consent",
      async ({ request }) => {
        // In the query, because paths are logged.
        const found = await logins.consent(new URL(request.url).searchParams.get("id") ?? "");
        if (found.kind !== "wait") {
          if (found.kind === "page") auth.gate.countStranger(request);
          return sendOn(found);
        }
        const { clientName, redirectUri, number } = found.request;
        return page(
          `${clientName} wants to use your tools`,
          [
            `It says that this is its name, and comes back to ${redirectHost(redirectUri)}. Nobody vouches for either, and it is no part of mcqueen.`,
            "Reading will run at once. Writing will wait for you, unless your settings say otherwise.",
            `If you began this, say so where you are known. In a terminal of this computer: mcqueen clients allow ${number}`,
            "If you did not, close this page. It looks again by itself every two seconds, for ten minutes.",
          ],
          { number, refreshS: 2 },
        );
      },
      { auth: "open", detail: { summary: "The page that waits for a person's answer" } },
    )
    .post("/oauth/token", async ({ request, body }) => inOwnWords(async () => json(await tokenOf(request, body))), {
      auth: "form",
      detail: { summary: "Trade a code or a refresh token for new tokens" },
    })
    .post(
      "/oauth/revoke",
      async ({ body }) =>
        inOwnWords(async () => {
          await logins.revoke(body as URLSearchParams);
          return new Response(null, { headers: { "cache-control": "no-store" } });
        }),
      { auth: "form", detail: { summary: "End a login by one of its tokens (RFC 7009)" } },
    );

  function tokenOf(request: Request, body: unknown) {
    return logins.token(body as URLSearchParams, placeOf(app, request));
  }
}

const serverMetadata = (issuer: string): object => ({
  issuer,
  authorization_endpoint: `${issuer}/oauth/authorize`,
  token_endpoint: `${issuer}/oauth/token`,
  registration_endpoint: `${issuer}/oauth/register`,
  revocation_endpoint: `${issuer}/oauth/revoke`,
  response_types_supported: ["code"],
  response_modes_supported: ["query"],
  grant_types_supported: ["authorization_code", "refresh_token"],
  code_challenge_methods_supported: ["S256"],
  token_endpoint_auth_methods_supported: ["none"],
  revocation_endpoint_auth_methods_supported: ["none"],
  authorization_response_iss_parameter_supported: true,
  client_id_metadata_document_supported: true,
  scopes_supported: ["tools"],
});

/** Where the browser goes next. The page that waits has the secret of its wish in its own address. */
function sendOn(next: Authorization): Response {
  if (next.kind === "page") return page(`✗ ${next.title}`, [next.text], { status: 400 });
  const location = next.kind === "redirect" ? next.url : `/oauth/consent?id=${next.id}`;
  return new Response(null, {
    status: 302,
    headers: { location, "cache-control": "no-store", "referrer-policy": "no-referrer" },
  });
}

/** Refusals as the standards spell them. */
async function inOwnWords(work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof OAuthRefusal)
      return json({ error: error.code, error_description: error.message }, error.status);
    throw error;
  }
}
