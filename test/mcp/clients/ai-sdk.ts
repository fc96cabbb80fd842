import {
  auth,
  createMCPClient,
  type ElicitationRequest,
  ElicitationRequestSchema,
  type ElicitResult,
  type OAuthClientInformation,
  type OAuthClientProvider,
  type OAuthTokens,
} from "@ai-sdk/mcp";
import { StdioMCPTransport } from "@ai-sdk/mcp/mcp-stdio";
import { letInBy } from "../../support/person.ts";
import { calledOf, namesIn, type Reached, type Way } from "./reached.ts";

/** Answers what the program is asked on our behalf. */
export type Elicit = (request: ElicitationRequest) => ElicitResult;

/** The client of the AI SDK, a library: newest revision first, and forms for questions where it is told how to answer. */
export async function aiSdk(way: Way, elicit?: Elicit): Promise<Reached & { revision: string }> {
  const client = await createMCPClient({
    transport: await transportFor(way),
    ...(elicit ? { capabilities: { elicitation: { form: {} } } } : {}),
  });
  if (elicit) client.onElicitationRequest(ElicitationRequestSchema, elicit);
  return {
    revision: client.initializeResult.protocolVersion,
    names: async () => namesIn((await client.listTools()).tools),
    async call(tool, given) {
      try {
        return calledOf(await client.callTool({ name: tool, arguments: given }));
      } catch (error) {
        return { failure: String(error) };
      }
    },
    close: () => client.close(),
  };
}

async function transportFor(way: Way) {
  if (way.kind === "pipes") {
    const [command = "", ...args] = way.command;
    return new StdioMCPTransport({ command, args, env: way.env });
  }
  if (way.kind === "token")
    return { type: "http" as const, url: way.url, headers: { Authorization: `Bearer ${way.token}` } };
  return { type: "http" as const, url: way.url, authProvider: await logIn(way.url, way.session) };
}

/** Goes through a login as an application would that has a page to come back to. */
async function logIn(url: string, session: string): Promise<OAuthClientProvider> {
  const returned = Promise.withResolvers<URLSearchParams>();
  const listener = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      returned.resolve(new URL(request.url).searchParams);
      return new Response("You may close this page.");
    },
  });
  const redirectUrl = `http://127.0.0.1:${listener.port}/callback`;
  const provider = createProvider(redirectUrl, (link) => letInBy(link.href, session));
  try {
    await auth(provider, { serverUrl: url });
    const back = await returned.promise;
    const [authorizationCode = "", callbackState = "", callbackIssuer = ""] = ["code", "state", "iss"].map(
      (name) => back.get(name) ?? "",
    );
    await auth(provider, { serverUrl: url, authorizationCode, callbackState, callbackIssuer });
    return provider;
  } finally {
    await listener.stop(true);
  }
}

function createProvider(redirectUrl: string, open: (link: URL) => Promise<void>): OAuthClientProvider {
  const kept: { tokens?: OAuthTokens; verifier?: string; client?: OAuthClientInformation; state?: string } = {};
  return {
    redirectUrl,
    clientMetadata: { client_name: "AI SDK", redirect_uris: [redirectUrl], token_endpoint_auth_method: "none" },
    tokens: () => kept.tokens,
    saveTokens: (tokens) => {
      kept.tokens = tokens;
    },
    redirectToAuthorization: open,
    saveCodeVerifier: (verifier) => {
      kept.verifier = verifier;
    },
    codeVerifier: () => kept.verifier ?? "",
    clientInformation: () => kept.client,
    saveClientInformation: (client) => {
      kept.client = client;
    },
    state: () => crypto.randomUUID(),
    saveState: (state) => {
      kept.state = state;
    },
    storedState: () => kept.state,
  };
}
