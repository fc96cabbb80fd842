import type { ListedApproval } from "../../src/core/approval-desk.ts";
import { AppError } from "../../src/core/errors.ts";
import type { Cli } from "../cli.ts";
import { type Clock, clockOf } from "../clock.ts";
import { askNumber } from "../confirm.ts";
import type { Paint } from "../paint.ts";
import { printOutcome } from "../print-outcome.ts";
import { sanitise, sanitiseLine } from "../sanitise.ts";
import { outline, table, withoutBulk } from "../table.ts";
import type { Define } from "../verbs.ts";

export const define: Define = (command, cli) => {
  command
    .command("list")
    .description("what waits for your yes or no")
    .option("--all", "also what was settled")
    .action(({ all }: { all?: true }) => list(cli(), all ?? false));
  command
    .command("show")
    .description("one of them, whole, and what came of it")
    .argument("<id>")
    .action((id: string) => show(cli(), id));
  command
    .command("approve")
    .description("say yes: it runs once. Wants a terminal, where you repeat a number")
    .argument("<id>")
    .action((id: string) => approve(cli(), id));
  command
    .command("deny")
    .description("say no")
    .argument("<id>")
    .action(async (id: string) => {
      const { out, backend } = cli();
      await (await backend()).approvals.deny(id);
      out.data(
        { success: true, data: { denied: id }, metadata: {} },
        () => `Denied ${sanitiseLine(id)}. Nothing was done.`,
      );
    });
  command
    .command("watch")
    .description("show what comes, as it comes")
    .action(() => watch(cli()));
  command.addHelpText("after", "\nExamples:\n  mcqueen approvals list\n  mcqueen approvals approve apr_0123456789ab");
};

async function list(cli: Cli, all: boolean): Promise<void> {
  const backend = await cli.backend();
  const approvals = await backend.approvals.list(all);
  const clock = await clockOf(backend);
  cli.out.data({ success: true, approvals, total: approvals.length, metadata: {} }, (paint) =>
    approvals.length > 0 ? table(approvals.map((each) => rowOf(each, paint, clock))) : "Nothing waits for you.",
  );
}

const rowOf = (approval: ListedApproval, paint: Paint, clock: Clock): string[] => [
  paint.bold(approval.id),
  approval.status,
  sanitiseLine(`${approval.asked_by.entrance} asks`),
  sanitiseLine(approval.prompt),
  paint.dim(`until ${clock(approval.expires_at).slice(11)}`),
];

const describe = (approval: ListedApproval): string =>
  sanitise(
    outline({
      id: approval.id,
      status: approval.status,
      what: approval.prompt,
      tool: `${approval.tool} ${approval.action}`,
      parameters: withoutBulk(approval.parameters),
      asked_by: `${approval.asked_by.entrance}, credential ${approval.asked_by.credential_id}`,
      asked_at: approval.created_at,
      expires_at: approval.expires_at,
      ...(approval.settled_at ? { settled_at: approval.settled_at, settled_by: approval.settled_by } : {}),
    }),
  );

async function show(cli: Cli, id: string): Promise<void> {
  const { approvals } = await cli.backend();
  const approval = await approvals.show(id);
  const outcome = approval.status === "pending" ? null : await approvals.outcome(id, 0);
  cli.out.data({ success: true, approval, outcome, metadata: {} }, () => {
    const came = outcome?.success
      ? `\nOutcome:\n${sanitise(outline(outcome.data, "  "))}`
      : outcome
        ? `\nOutcome: ${sanitiseLine(outcome.error)}`
        : "";
    return describe(approval) + came;
  });
}

async function approve(cli: Cli, id: string): Promise<void> {
  if (!cli.out.interactive) {
    throw new AppError("forbidden", "Approving wants a person at a terminal", {
      hint: "Type it in a terminal of your own.",
    });
  }
  const { approvals } = await cli.backend();
  const approval = await approvals.show(id);
  if (approval.status !== "pending") throw new AppError("conflict", `The approval ${id} is ${approval.status}`);
  await askNumber(`${describe(approval)}\n`);
  printOutcome(cli, approval.tool, await approvals.approve(id));
}

/** Asks again and again, since another process may have opened or settled one. */
async function watch(cli: Cli): Promise<never> {
  const backend = await cli.backend();
  const { approvals } = backend;
  const clock = await clockOf(backend);
  const seen = new Map<string, string>();
  cli.out.note("Waiting for approvals. Stop with Ctrl-C.");
  for (;;) {
    for (const approval of (await approvals.list(true)).reverse()) {
      const isNew = seen.get(approval.id) !== approval.status;
      if (isNew && (approval.status === "pending" || seen.has(approval.id))) {
        if (cli.out.json) cli.out.write(`${JSON.stringify(approval)}\n`);
        else cli.out.write(`${table([rowOf(approval, cli.out.paint, clock)])}\n`);
      }
      seen.set(approval.id, approval.status);
    }
    await Bun.sleep(500);
  }
}
