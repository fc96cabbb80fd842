import { owner } from "./home.ts";
import type { bootServer, Reply } from "./server.ts";

type Server = Awaited<ReturnType<typeof bootServer>>;

export const terminal = { ...owner, credentialId: "terminal", interactive: true };
export const redirectUri = "http://127.0.0.1:33418/callback";
const verifier = "v".repeat(43);
export const challenge = new Bun.CryptoHasher("sha256").update(verifier).digest("base64url").replace(/=+$/, "");

type Fields = Record<string, string | undefined>;

const present = (fields: Fields): URLSearchParams =>
  new URLSearchParams(Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== undefined));

export const register = (server: Server, more: Record<string, unknown> = {}): Promise<Reply> =>
  server.send({
    path: "/oauth/register",
    auth: null,
    body: { redirect_uris: [redirectUri], client_name: "Test Agent", ...more },
  });

/** Where a program sends the browser, with more or other parameters; undefined leaves one out. */
export const authorize = (server: Server, clientId: string, more: Fields = {}): Promise<Reply> => {
  const query = present({
    response_type: "code",
    client_id: clientId,
    redirect_uri: redirectUri,
    state: "some state",
    code_challenge: challenge,
    code_challenge_method: "S256",
    resource: `${server.origin}/mcp`,
    ...more,
  });
  return server.send({ path: `/oauth/authorize?${query}`, auth: null });
};

export const postForm = (server: Server, path: string, fields: Fields): Promise<Reply> =>
  server.send({
    path,
    auth: null,
    raw: present(fields).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded" },
  });

/** The number on the page, and the page's address. */
export async function pageOf(server: Server, clientId: string, more: Fields = {}) {
  const sent = await authorize(server, clientId, more);
  const path = sent.headers.get("location") ?? "";
  if (sent.status !== 302 || !path.startsWith("/oauth/consent?id="))
    throw new Error(`${sent.status} ${path} ${sent.text}`);
  const page = await server.send({ path, auth: null });
  const number = /class="number">([\d-]+)</.exec(page.text)?.[1] ?? "";
  return { path, number, page };
}

/** Goes as far as the code. */
export async function codeFor(server: Server, more: { by?: typeof owner; limits?: object; query?: Fields } = {}) {
  const { client_id: clientId } = (await register(server)).json as { client_id: string };
  const { path, number } = await pageOf(server, clientId, more.query);
  await server.app.clients.allow(more.by ?? terminal, number, more.limits ?? {});
  const back = await server.send({ path, auth: null });
  const url = new URL(back.headers.get("location") ?? "");
  return { clientId, code: url.searchParams.get("code") ?? "", url, path };
}

export const exchange = (server: Server, clientId: string, code: string, more: Fields = {}): Promise<Reply> =>
  postForm(server, "/oauth/token", {
    grant_type: "authorization_code",
    client_id: clientId,
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
    resource: `${server.origin}/mcp`,
    ...more,
  });

export const refreshWith = (server: Server, clientId: string, token: string, more: Fields = {}): Promise<Reply> =>
  postForm(server, "/oauth/token", { grant_type: "refresh_token", client_id: clientId, refresh_token: token, ...more });

/** A program that was let in, with its tokens. */
export async function letIn(server: Server, more: Parameters<typeof codeFor>[1] = {}) {
  const { clientId, code } = await codeFor(server, more);
  const { json, status, text } = await exchange(server, clientId, code);
  if (status !== 200) throw new Error(text);
  return { clientId, access: json.access_token as string, refresh: json.refresh_token as string };
}

/** Whether the token opens the protocol's door. */
export const opens = async (server: Server, token: string, origin = server.origin): Promise<boolean> => {
  const response = await fetch(`${origin}/mcp`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
    },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" }),
  });
  await response.body?.cancel();
  return response.status !== 401;
};
