import { Elysia } from "elysia";
import type { App } from "../../app.ts";
import { AppError } from "../../core/errors.ts";
import type { Auth } from "../auth.ts";
import { parseJson, readRaw } from "../body.ts";
import { succeed } from "../replies.ts";

/** Meta puts up to 3 MB into one delivery. */
const mostBytes = 3 * 1024 * 1024;

/** Where services call us. Which ones there are, and how they sign, their adapters say. */
export function webhookRoutes(app: App, auth: Auth) {
  /** A service calls often and from few addresses, so only who is refused is counted. */
  const counted = async <T>(request: Request, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof AppError) auth.gate.countStranger(request);
      throw error;
    }
  };
  return new Elysia({ prefix: "/webhooks", normalize: false, tags: ["services"] })
    .use(auth.macro)
    .get(
      "/:webhook",
      ({ params, request }) =>
        counted(request, async () => {
          const text = await app.webhooks.greet(params.webhook, new URL(request.url).searchParams);
          return new Response(text, {
            headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
          });
        }),
      { auth: "signed", detail: { summary: "A service asks whether this address is ours" } },
    )
    .post(
      "/:webhook",
      async ({ params, request }) => {
        const bytes = await counted(request, async () => {
          const raw = await readRaw(request, mostBytes);
          await app.webhooks.verify(params.webhook, request.headers, raw);
          return raw;
        });
        await app.webhooks.receive(params.webhook, parseJson(bytes));
        return succeed({});
      },
      { auth: "signed", detail: { summary: "A delivery, signed by the service over its very bytes" } },
    );
}
