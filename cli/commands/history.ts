import { Option } from "commander";
import { AppError } from "../../src/core/errors.ts";
import type { HistoryQuery, ListedAudit } from "../../src/core/history-listing.ts";
import type { Backend } from "../backend.ts";
import type { Cli } from "../cli.ts";
import { type Clock, clockOf } from "../clock.ts";
import { Exit } from "../exit.ts";
import type { Paint } from "../paint.ts";
import { sanitiseLine } from "../sanitise.ts";
import { table } from "../table.ts";
import type { Define } from "../verbs.ts";

type HistoryOptions = HistoryQuery & { follow?: true; head?: string };

export const define: Define = (command, cli) => {
  command
    .usage("[options] | verify")
    .argument("[operation]", "verify: walk the chain of digests and say whether a line was changed or is missing")
    .option("--tool <id>", "only this tool")
    .addOption(
      new Option("--kind <kind>", "run, intent, config, profile, login, session, user, token, approval or policy"),
    )
    .option("--code <code>", "only this outcome, such as ok or rate_limited")
    .option("--since <time>", "from this time on, like 2026-01-31T00:00:00Z")
    .option("--until <time>", "before this time")
    .option("--limit <number>", "how many lines, 1 to 500 (50 unless told)")
    .option("--cursor <number>", "go on below this line, as the page before said")
    .option("--head <digest>", "verify: this head, noted earlier, has to be in the chain still")
    .option("-f, --follow", "keep showing what comes")
    .addHelpText("after", "\nExamples:\n  mcqueen history --tool get_weather --limit 5\n  mcqueen history verify")
    .action(async (operation: string | undefined, options: HistoryOptions) => {
      const context = cli();
      if (operation === "verify") return verify(context, options.head);
      if (operation !== undefined)
        throw new AppError("usage", `Unknown operation ${operation}`, { hint: "Run: mcqueen history --help" });
      const { follow, ...query } = options;
      return follow ? followHistory(context, query) : page(context, query);
    });
};

const queryOf = ({ tool, kind, code, since, until, limit, cursor }: HistoryQuery): HistoryQuery => ({
  tool,
  kind,
  code,
  since,
  until,
  limit,
  cursor,
});

async function page(cli: Cli, query: HistoryQuery): Promise<void> {
  const backend = await cli.backend();
  const found = await backend.history(queryOf(query));
  const clock = await clockOf(backend);
  cli.out.data({ success: true, ...found, metadata: {} }, (paint) =>
    found.entries.length > 0 ? table(found.entries.map((entry) => rowOf(entry, paint, clock))) : "Nothing is recorded.",
  );
  if (found.next_cursor !== null && !cli.out.json) cli.out.note(`There is more: --cursor ${found.next_cursor}`);
}

async function followHistory(cli: Cli, query: HistoryQuery): Promise<never> {
  const { history, ...backend } = await cli.backend();
  const clock = await clockOf({ history, ...backend });
  let last = (await history({ ...queryOf(query), limit: "1" })).entries[0]?.seq ?? 0;
  for (;;) {
    for (const entry of await newerThan(history, query, last)) {
      last = entry.seq;
      cli.out.write(cli.out.json ? `${JSON.stringify(entry)}\n` : `${table([rowOf(entry, cli.out.paint, clock)])}\n`);
    }
    await Bun.sleep(500);
  }
}

/** All lines above one, oldest first, however many came at once. */
async function newerThan(history: Backend["history"], query: HistoryQuery, seq: number): Promise<ListedAudit[]> {
  const found: ListedAudit[] = [];
  let cursor: string | undefined;
  for (;;) {
    const { entries, next_cursor } = await history({ ...queryOf(query), limit: "500", cursor });
    const fresh = entries.filter((entry) => entry.seq > seq);
    found.push(...fresh);
    if (next_cursor === null || fresh.length < entries.length) return found.reverse();
    cursor = String(next_cursor);
  }
}

function rowOf(entry: ListedAudit, paint: Paint, clock: Clock): string[] {
  const what = entry.tool ? [entry.tool, entry.action].filter(Boolean).join(" ") : "";
  const code =
    entry.code === "ok" ? paint.green("ok") : entry.code === "pending" ? paint.dim("begun") : paint.red(entry.code);
  const values = entry.parameters ? JSON.stringify(entry.parameters) : "";
  const told = [entry.detail, entry.message, values].filter(Boolean).join(" · ");
  return [
    String(entry.seq),
    clock(entry.at),
    entry.kind,
    sanitiseLine(what),
    code,
    sanitiseLine(`${entry.entrance}/${entry.credential_id}`),
    entry.duration_ms === null ? "" : `${entry.duration_ms} ms`,
    sanitiseLine(told),
  ];
}

/** The chain is one for all users, so only this computer, and not a daemon elsewhere, can walk it. */
async function verify(cli: Cli, head: string | undefined): Promise<void> {
  if (await cli.remote()) throw new AppError("usage", "The chain is verified on the computer that holds it");
  const verdict = await (await cli.app()).audit.verify(head);
  cli.out.data({ success: verdict.ok, data: verdict, metadata: {} }, (paint) => {
    const counted = `${verdict.rows} lines${verdict.erased > 0 ? `, ${verdict.erased} of them erased on purpose` : ""}`;
    if (verdict.ok) return `${paint.green("✓")} The chain holds: ${counted}.\nHead: ${verdict.head}`;
    return `${paint.red("✗")} Line ${verdict.broken?.seq}: ${verdict.broken?.reason}.`;
  });
  if (!verdict.ok) throw new Exit(1);
}
