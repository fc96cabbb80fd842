import { AppError } from "../../src/core/errors.ts";
import { sanitiseLine } from "../sanitise.ts";
import { table } from "../table.ts";
import type { Define } from "../verbs.ts";

export const define: Define = (command, cli) => {
  command
    .option("--since <time>", "from this time on, like 2026-01-31T00:00:00Z or 2026-01-31")
    .addHelpText("after", "\nExample:\n  mcqueen stats --since 2026-11-01")
    .action(async ({ since }: { since?: string }) => {
      if (since !== undefined && Number.isNaN(Date.parse(since)))
        throw new AppError("usage", `--since ${since} is no time`);
      const { out, backend } = cli();
      const found = await (await backend()).usage(since);
      out.data({ success: true, ...found, metadata: {} }, (paint) => {
        if (found.usage.length === 0) return "Nothing was run yet.";
        const rows = found.usage.map((each) => [
          each.tool,
          String(each.calls),
          Object.entries(each.failures)
            .map(([code, count]) => `${count} ${code}`)
            .join(", ") || "none",
          `${each.latency_ms.p50} ms`,
          `${each.latency_ms.p95} ms`,
          quotaOf(each.tool),
          each.providers.map(({ provider, calls }) => `${provider} ${calls}`).join(", "),
        ]);
        return table([
          ["tool", "calls", "failures", "median", "95 %", "quota left", "providers"].map(paint.bold),
          ...rows.map((row) => row.map(sanitiseLine)),
        ]);
      });
      function quotaOf(tool: string): string {
        const quota = found.quotas.find((each) => each.tool === tool);
        return quota ? `${quota.remaining} of ${quota.limit}` : "–";
      }
    });
};
