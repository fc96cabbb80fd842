import { Elysia } from "elysia";
import type { App } from "../../app.ts";
import { InterpretBody } from "../../core/interpret/suggest.ts";
import type { Auth } from "../auth.ts";
import { jsonBody } from "../openapi-body.ts";
import { succeed } from "../replies.ts";

/** What a person may have meant by their words. */
export function interpretRoutes(app: App, auth: Auth, prefix: string) {
  return new Elysia({ prefix: `${prefix}/mcp`, normalize: false, tags: ["tools"] }).use(auth.macro).post(
    "/interpret",
    async ({ caller, body }) => {
      const { proposals, hint, timeZone } = await app.interpret(caller, body);
      return succeed({ proposals, ...(hint ? { hint } : {}) }, { time_zone: timeZone });
    },
    {
      auth: "tools",
      detail: {
        summary: "Which calls a transcript may mean, best first, at most three; runs nothing",
        requestBody: jsonBody(InterpretBody),
      },
    },
  );
}
