import { randomText } from "../../src/core/secret.ts";

/** How the services answer; all but `good` repeat everything that they were sent. */
export const manners = ["good", "refuses", "wants more scopes", "takes no token", "garbage", "500"] as const;
export type ParrotManner = (typeof manners)[number];

type Answer = [status: number, json: unknown];

/** Slack, WhatsApp and LinkedIn without discretion: what they are sent, token and text, stands in their refusals. */
export function createParrot() {
  const state: { manner: ParrotManner; asked: number } = { manner: "good", asked: 0 };
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      state.asked++;
      const { pathname } = new URL(request.url);
      const sent = `${request.headers.get("authorization")} ${await request.text()}`;
      const decoded = `${sent} ${decodeURIComponent(sent.replaceAll("+", " ").replaceAll("%", "%25"))}`;
      if (state.manner === "500") return new Response(decoded, { status: 500 });
      if (state.manner === "garbage") return new Response(`<title>${decoded}</title>`);
      const [, service = "", ...rest] = pathname.split("/");
      const [status, json] = answers[service]?.(state.manner, decoded, rest.join("/")) ?? [404, {}];
      const headers = { "x-restli-id": "urn:li:share:7001", "x-oauth-scopes": "chat:write" };
      return Response.json(json, { status, headers });
    },
  });
  return { base: `http://127.0.0.1:${server.port}`, state, stop: () => server.stop(true) };
}

const answers: Record<string, (manner: ParrotManner, said: string, path: string) => Answer> = {
  slack(manner, said) {
    if (manner === "refuses") return [200, { ok: false, error: said, response_metadata: { messages: [said] } }];
    if (manner === "wants more scopes")
      return [200, { ok: false, error: "missing_scope", needed: said, provided: said }];
    if (manner === "takes no token") return [200, { ok: false, error: "invalid_auth", detail: said }];
    const member = { id: "U0ADALOVE1", name: "ada", profile: { display_name: "Ada" } };
    const channels = [{ id: "C0GENERAL1", name: "general", is_member: true }];
    const messages = [{ ts: "1.000001", user: "U0ADALOVE1", text: "Hello" }];
    return [
      200,
      {
        ...{ ok: true, members: [member], channels, channel: "C0GENERAL1", ts: "1.000001", messages },
        permalink: "https://x.slack.com/archives/C0GENERAL1/p1000001",
      },
    ];
  },
  whatsapp(manner, said) {
    const refuse = (status: number, code: number): Answer => [
      status,
      { error: { code, message: said, error_data: { details: said }, fbtrace_id: said } },
    ];
    if (manner === "refuses") return refuse(400, 100);
    if (manner === "wants more scopes") return refuse(403, 10);
    if (manner === "takes no token") return refuse(401, 190);
    return [200, { contacts: [{ wa_id: "447700900101" }], messages: [{ id: `wamid.${randomText(9, "hex")}` }] }];
  },
  linkedin(manner, said, path) {
    const refuse = (status: number): Answer => [
      status,
      { status, code: said, message: said, errorDetails: { inputErrors: [{ code: said, description: said }] } },
    ];
    if (manner === "refuses") return refuse(400);
    if (manner === "wants more scopes") return refuse(403);
    if (manner === "takes no token") return refuse(401);
    return path === "v2/userinfo" ? [200, { sub: "ada", name: "Ada Lovelace" }] : [201, {}];
  },
};
