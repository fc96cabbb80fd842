import { Elysia } from "elysia";
import type { App } from "../../app.ts";
import type { Caller } from "../../core/call.ts";
import type { createMcpEndpoint, McpEndpoint } from "../../mcp/endpoint.ts";
import { type Auth, agentOf } from "../auth.ts";
import { factsOf } from "../facts.ts";
import { originOf } from "../origin.ts";
import { jsonText } from "../replies.ts";

/** What answers the protocol's messages, where it is not our tools. */
export type MakeServer = Parameters<typeof createMcpEndpoint>[1];

/** The Model Context Protocol, in both its eras. */
export function mcpRoutes(app: App, auth: Auth, makeServer?: MakeServer) {
  let endpoint: Promise<McpEndpoint> | undefined;
  const serve = async ({ request, body, caller }: { request: Request; body: unknown; caller: Caller }) => {
    // Several messages in one body count like one each.
    if (Array.isArray(body))
      for (let more = 1; more < body.length; more++) auth.gate.countKnown(request, caller.credentialId);
    // Loaded when the first agent comes, so that a start pays nothing for it.
    endpoint ??= import("../../mcp/endpoint.ts").then(({ createMcpEndpoint }) => {
      const made = createMcpEndpoint(app, makeServer);
      auth.closing.addEventListener("abort", () => void made.close());
      return made;
    });
    factsOf(request).keepOpen?.();
    const again = async () => (await agentOf(app, request))?.caller;
    const asker = { caller, again, origin: originOf(app, request), respond: jsonText };
    return (await endpoint).handle(request, body, asker);
  };
  const detail = { summary: "The Model Context Protocol" };
  return new Elysia({ normalize: false, tags: ["agents"] })
    .use(auth.macro)
    .post("/mcp", ({ request, body, caller }) => serve({ request, body, caller }), { auth: "agent", detail })
    .get(
      "/mcp",
      // Elysia answers HEAD by reading the body to its end, and this one has none.
      ({ request, caller }) =>
        request.method === "HEAD" ? new Response(null) : serve({ request, body: undefined, caller }),
      { auth: "agent", detail: { summary: "Messages of a session that began before 2026" } },
    )
    .delete("/mcp", ({ request, caller }) => serve({ request, body: undefined, caller }), {
      auth: "agent",
      detail: { summary: "End such a session" },
    });
}
