import { type Client, findClient } from "./clients.ts";
import { type Fields, readFields } from "./form.ts";
import { errorPage } from "./page.ts";
import { isKnown } from "./scopes.ts";

/** A request for authorization that Google would take. */
export interface AuthorizationRequest {
  client: Client;
  redirectUri: string;
  scopes: string[];
  state?: string;
  challenge?: string;
  challengeMethod?: "S256" | "plain";
  nonce?: string;
  loginHint?: string;
  offline: boolean;
  prompts: string[];
  /** Whether earlier grants come along in the tokens. */
  joins: boolean;
}

const taken =
  "client_id redirect_uri response_type response_mode scope state code_challenge code_challenge_method access_type prompt include_granted_scopes login_hint nonce hd hl display authuser enable_granular_consent".split(
    " ",
  );

/** Where only some values are taken. */
const choices: Record<string, readonly string[]> = {
  response_mode: ["query"],
  access_type: ["online", "offline"],
  include_granted_scopes: ["true", "false"],
  enable_granular_consent: ["true", "false"],
  code_challenge_method: ["S256", "plain"],
};
const prompts = ["none", "consent", "select_account"];

/** Checks a request as Google does. @returns the page that says what is wrong */
export function checkAuthorization(query: URLSearchParams): AuthorizationRequest | Response {
  const fields = readFields(query, taken);
  if (typeof fields === "string") return invalid(fields);
  const missing = ["client_id", "redirect_uri", "response_type", "scope"].find((name) => !fields[name]);
  if (missing) return invalid(`Missing required parameter: ${missing}`);
  const client = findClient(fields.client_id ?? "");
  if (!client) return errorPage(401, "invalid_client", "The OAuth client was not found.");
  const refused = refuseRedirect(client, fields.redirect_uri ?? "") ?? refuseValues(fields);
  if (refused) return refused;
  const scopes = [...new Set((fields.scope ?? "").split(/\s+/).filter(Boolean))];
  const unknown = scopes.filter((scope) => !isKnown(scope));
  if (unknown.length > 0 || scopes.length === 0) {
    return errorPage(400, "invalid_scope", `Some requested scopes were invalid: ${JSON.stringify(unknown)}`);
  }
  return {
    client,
    redirectUri: fields.redirect_uri ?? "",
    scopes,
    ...(fields.state ? { state: fields.state } : {}),
    ...(fields.code_challenge
      ? {
          challenge: fields.code_challenge,
          challengeMethod: fields.code_challenge_method === "S256" ? "S256" : "plain",
        }
      : {}),
    ...(fields.nonce ? { nonce: fields.nonce } : {}),
    ...(fields.login_hint ? { loginHint: fields.login_hint } : {}),
    offline: fields.access_type === "offline",
    prompts: promptsOf(fields),
    joins: client.joinsGrants && fields.include_granted_scopes === "true",
  };
}

const invalid = (sentence: string): Response => errorPage(400, "invalid_request", sentence);

const promptsOf = ({ prompt = "" }: Fields): string[] => prompt.split(/\s+/).filter(Boolean);

function refuseRedirect(client: Client, text: string): Response | undefined {
  const url = URL.parse(text);
  if (!url) return invalid(`Invalid parameter value for redirect_uri: Missing scheme: ${text}`);
  if (!["http:", "https:"].includes(url.protocol)) {
    return invalid(`Invalid parameter value for redirect_uri: Custom schemes are not allowed: ${text}`);
  }
  if (text.includes("#") || url.username || url.password) {
    return invalid(`Invalid parameter value for redirect_uri: ${text}`);
  }
  if (client.allows(url)) return undefined;
  return errorPage(400, "redirect_uri_mismatch", `The redirect URI ${text} is not registered for ${client.name}.`);
}

function refuseValues(fields: Fields): Response | undefined {
  const { response_type: type = "", code_challenge: challenge, code_challenge_method: method } = fields;
  if (type !== "code") {
    return errorPage(400, "unsupported_response_type", `Invalid response_type: ${type}`);
  }
  for (const [name, values] of Object.entries(choices)) {
    const value = fields[name];
    if (value && !values.includes(value)) return invalid(`Invalid parameter value for ${name}: ${value}`);
  }
  const asked = promptsOf(fields);
  if (asked.some((each) => !prompts.includes(each)) || (asked.includes("none") && asked.length > 1)) {
    return invalid(`Invalid parameter value for prompt: ${fields.prompt}`);
  }
  if (method && !challenge) return invalid("Missing required parameter: code_challenge");
  const form = method === "S256" ? /^[A-Za-z0-9_-]{43}$/ : /^[A-Za-z0-9._~-]{43,128}$/;
  if (challenge && !form.test(challenge)) return invalid("Invalid parameter value for code_challenge");
  return undefined;
}
