import { Elysia } from "elysia";
import type { App } from "../../app.ts";
import type { Auth } from "../auth.ts";
import { succeed } from "../replies.ts";

/** The services behind the tools: how they do, and what they need. */
export function providerRoutes(app: App, auth: Auth, prefix: string) {
  return new Elysia({ prefix: `${prefix}/mcp/providers`, normalize: false, tags: ["tools"] }).use(auth.macro).get(
    "/",
    async () => {
      const providers = await app.listProviders();
      return succeed({ providers, total: providers.length });
    },
    { auth: "user", detail: { summary: "The services behind the tools: how they do, and which setting they need" } },
  );
}
