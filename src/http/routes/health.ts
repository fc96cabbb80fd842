import { Elysia } from "elysia";
import type { App } from "../../app.ts";
import { version } from "../../version.ts";
import type { Auth } from "../auth.ts";
import { json } from "../replies.ts";

/** Whether the daemon lives, and whether it can work. Open to everyone who may reach the port. */
export function healthRoutes(app: App, auth: Auth, prefix: string) {
  const startedAt = app.now();
  const answer = async (): Promise<Response> => {
    const { ok, checks } = await app.health();
    const uptime_s = Math.round((app.now().getTime() - startedAt.getTime()) / 1000);
    const failing = ok ? {} : { error: "A check of the daemon fails", error_code: "unavailable" };
    return json(
      { success: ok, ...failing, status: ok ? "ok" : "failing", version, uptime_s, checks, metadata: {} },
      ok ? 200 : 503,
    );
  };
  return new Elysia({ prefix, tags: ["health"] })
    .use(auth.macro)
    .get("/health", answer, { auth: "open", detail: { summary: "State of the daemon and its checks" } })
    .get("/health/ready", answer, { auth: "open", detail: { summary: "Whether it can serve; 503 when a check fails" } })
    .get("/health/live", () => json({ success: true, status: "ok", metadata: {} }), {
      auth: "open",
      detail: { summary: "Whether the process answers at all" },
    });
}
