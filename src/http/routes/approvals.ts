import { Elysia } from "elysia";
import type { App } from "../../app.ts";
import type { ListedApproval } from "../../core/approval-desk.ts";
import { type Caller, isFor } from "../../core/call.ts";
import { AppError } from "../../core/errors.ts";
import { type Auth, bearerOf } from "../auth.ts";
import { factsOf } from "../facts.ts";
import { reply, succeed } from "../replies.ts";
import { secondsOf } from "../wait.ts";

/** Calls that wait for a person. Who asked may look what came of it; only somebody else, in person, may say yes. */
export function approvalRoutes(app: App, auth: Auth, prefix: string) {
  return new Elysia({ prefix: `${prefix}/mcp/approvals`, normalize: false, tags: ["approvals"] })
    .use(auth.macro)
    .get(
      "/",
      async ({ caller, query }) => {
        const known = await app.approvals.list(caller.userId, query.all === "true");
        const approvals = known.filter(({ tool }) => isFor(caller, tool));
        return succeed({ approvals, total: approvals.length });
      },
      { auth: "user", detail: { summary: "What waits for a person; ?all=true adds what was settled" } },
    )
    .get(
      "/:id",
      async ({ caller, params }) => {
        return succeed({ approval: await show(app, caller, params.id) });
      },
      { auth: "tools", detail: { summary: "One approval: what would be done, and how it stands" } },
    )
    .get(
      "/:id/outcome",
      async ({ caller, params, query, request }) => {
        await show(app, caller, params.id);
        const waitMs = secondsOf(query.wait_s) * 1000;
        if (waitMs > 0) factsOf(request).keepOpen?.();
        const isWelcome = async () => (await app.people.identify(bearerOf(request) ?? "")) !== undefined;
        const options = { signal: request.signal, isWelcome };
        if (waitMs === 0) return reply(await app.approvals.wait(caller.userId, params.id, 0, options));
        return auth.gate.hold(caller.credentialId, async (release) => {
          const outcome = await app.approvals.wait(caller.userId, params.id, waitMs, options);
          release();
          return reply(outcome);
        });
      },
      { auth: "tools", detail: { summary: "What came of it, as the call itself would have answered; ?wait_s waits" } },
    )
    .post("/:id/approve", async ({ caller, params }) => reply(await app.approvals.approve(caller, params.id)), {
      auth: "user",
      detail: { summary: "Say yes: it runs once, and its outcome is answered" },
    })
    .post(
      "/:id/deny",
      async ({ caller, params }) => {
        await app.approvals.deny(caller, params.id);
        return succeed({ data: { denied: params.id } });
      },
      { auth: "user", detail: { summary: "Say no" } },
    );
}

/** A program sees what it asked for itself, and a phone for some tools what belongs to those. @throws AppError not_found */
async function show(app: App, caller: Caller, id: string): Promise<ListedApproval> {
  const approval = await app.approvals.show(caller.userId, id);
  const isItsOwn = approval.asked_by.credential_id === caller.credentialId;
  if (isItsOwn || (!caller.grant && isFor(caller, approval.tool))) return approval;
  throw new AppError("not_found", `There is no approval ${id}`);
}
