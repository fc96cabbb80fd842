import { randomText } from "../../src/core/secret.ts";

/** How the token endpoint answers; all but `good` repeat everything that they were sent. */
export const failures = [
  "invalid_grant",
  "invalid_client",
  "as the error",
  "403",
  "500",
  "garbage",
  "no token",
] as const;
export type Manner = "good" | "no scopes" | (typeof failures)[number];

const scopes = ["gmail.readonly", "gmail.send"].map((name) => `https://www.googleapis.com/auth/${name}`);

/** A provider without discretion: what it is sent it says again, in its errors. It notes the secrets that it met. */
export function createEcho(clientId: string) {
  const secrets: string[] = [];
  const state = { manner: "good" as Manner, who: "ada" };
  const make = (text: string): string => {
    const secret = text.replace("#", randomText(9, "hex"));
    secrets.push(secret);
    return secret;
  };

  const tokens = (scope: string): Response => {
    const claims = { aud: clientId, sub: state.who, email: `${state.who}@example.com` };
    const idToken = `eyJhbGciOiJub25lIn0.${Buffer.from(JSON.stringify(claims)).toString("base64url")}.${randomText(16, "hex")}`;
    secrets.push(idToken);
    return Response.json({
      access_token: make("access-#.~+/=end"),
      refresh_token: make("refresh \"#\\' <&> /end"),
      expires_in: 3_600,
      scope,
      id_token: idToken,
    });
  };

  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const { pathname } = new URL(request.url);
      const raw = await request.text();
      const fields = Object.fromEntries(new URLSearchParams(raw));
      if (fields.code_verifier) secrets.push(fields.code_verifier);
      const { client_secret, code_verifier, refresh_token, ...others } = fields;
      const all = { ...others, ...Object.fromEntries(request.headers) };
      const said = `${client_secret} ${code_verifier ?? refresh_token} ${JSON.stringify(all)} ${raw} ${request.url}`;
      if (pathname.startsWith("/api/")) {
        const status = Number(pathname.slice("/api/".length));
        return Response.json({ error: { message: said, code: status } }, { status });
      }
      const { manner } = state;
      if (manner === "500") return new Response(said, { status: 500 });
      if (manner === "garbage")
        return new Response(`<title>${said}</title>`, { headers: { "content-type": "text/html" } });
      if (manner === "403") return Response.json({ error: "denied", error_description: said }, { status: 403 });
      if (manner === "as the error") return Response.json({ error: said }, { status: 400 });
      if (manner === "no token") return Response.json({ token_type: "Bearer", said });
      if (manner === "good" || manner === "no scopes") {
        return pathname === "/revoke"
          ? new Response("{}")
          : tokens(manner === "good" ? `openid email ${scopes.join(" ")}` : "openid email");
      }
      return Response.json(
        { error: manner, error_description: said },
        { status: manner === "invalid_client" ? 401 : 400 },
      );
    },
  });
  const base = `http://127.0.0.1:${server.port}`;
  return { state, secrets, make, base, stop: () => server.stop(true) };
}
