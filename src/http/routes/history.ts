import { Elysia } from "elysia";
import type { App } from "../../app.ts";
import { isFor } from "../../core/call.ts";
import { AppError } from "../../core/errors.ts";
import { listAudit, listUsage, readHistoryQuery } from "../../core/history-listing.ts";
import type { Auth } from "../auth.ts";
import { succeed } from "../replies.ts";

/** What was done in the caller's name, and how often and how fast. */
export function historyRoutes(app: App, auth: Auth, prefix: string) {
  return new Elysia({ prefix: `${prefix}/mcp`, normalize: false, tags: ["history"] })
    .use(auth.macro)
    .get(
      "/history",
      async ({ caller, query }) => {
        const { filter, before, limit } = readHistoryQuery(caller.userId, query);
        const rows = await app.audit.page(filter, before, limit);
        const next = rows.length === limit ? (rows.at(-1)?.seq ?? null) : null;
        return succeed({
          entries: rows.filter(({ toolId }) => isFor(caller, toolId)).map(listAudit),
          next_cursor: next,
        });
      },
      {
        auth: "user",
        detail: {
          summary: "The audit, newest first: ?tool, kind, code, since, until, limit, and cursor for the next page",
        },
      },
    )
    .get(
      "/usage",
      async ({ caller, query }) => {
        const since = new Date(query.since ?? 0);
        if (Number.isNaN(since.getTime())) {
          throw new AppError(
            "invalid_parameters",
            "Parameter validation failed: Field since must be a time like 2026-01-31T00:00:00Z",
          );
        }
        const [usage, tools] = await Promise.all([
          app.usage(caller.userId, since),
          app.listTools(caller.userId, { all: true }),
        ]);
        const quotas = tools.flatMap(({ id, quota }) => (quota && isFor(caller, id) ? [{ tool: id, ...quota }] : []));
        return succeed({ usage: usage.map(listUsage).filter(({ tool }) => isFor(caller, tool)), quotas });
      },
      { auth: "user", detail: { summary: "Calls, failures and latencies per tool and provider, and the quota left" } },
    );
}
