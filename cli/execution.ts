import { AppError } from "../src/core/errors.ts";
import type { ListedTool } from "../src/core/listing.ts";
import type { Envelope } from "../src/core/outcome.ts";
import type { Backend, Execution } from "./backend.ts";
import type { Cli } from "./cli.ts";
import { confirmationsFor } from "./confirm.ts";
import { Exit } from "./exit.ts";
import { showProgress } from "./progress.ts";

/**
 * Runs a call as a person at a terminal wants it: progress, the question before a write, Ctrl-C.
 * @param yes confirm without being asked
 * @throws AppError declined, forbidden under --read-only; Exit when it was interrupted
 */
export async function executeConfirmed(
  cli: Cli,
  backend: Backend,
  tool: ListedTool,
  execution: Omit<Execution, "signal">,
  yes: boolean,
): Promise<Envelope> {
  requireReadOnly(cli, tool, execution.parameters.action);
  const controller = new AbortController();
  const onInterrupt = (): void => controller.abort(new Exit(130));
  process.once("SIGINT", onInterrupt);
  const whole: Execution = { ...execution, signal: controller.signal };
  const envelope = await executeWithConfirmation(cli, backend, tool, whole, yes);
  process.off("SIGINT", onInterrupt);
  if (controller.signal.aborted) throw new Exit(130);
  return envelope;
}

/** The flag holds here too when a daemon elsewhere does the work, which does not know of it. */
function requireReadOnly(cli: Cli, tool: ListedTool, named: unknown): void {
  if (!cli.global.readOnly) return;
  const chosen = named ?? tool.parameters.find(({ name }) => name === "action")?.default;
  const meant = tool.actions.filter(({ id }) => chosen === undefined || id === chosen);
  if (meant.every(({ effect }) => effect === "read")) return;
  throw new AppError("forbidden", `${tool.id} would write, and only reading is allowed here`, {
    hint: "Leave --read-only out.",
  });
}

async function executeWithConfirmation(
  cli: Cli,
  backend: Backend,
  tool: ListedTool,
  execution: Execution,
  yes: boolean,
): Promise<Envelope> {
  const attempt = async (more: Partial<Execution> = {}): Promise<Envelope> => {
    const progress = showProgress(cli.out, `${tool.name}…`);
    try {
      return await backend.execute({ ...execution, ...more, progress: progress.say });
    } finally {
      progress.end();
    }
  };
  const first = await attempt();
  if (first.success || first.error_code !== "confirmation_required") return first;
  const confirmations = await confirmationsFor(cli.out, first, execution.parameters, yes);
  const id = first.metadata.confirmation_id;
  return confirmations ? attempt({ confirmations, ...(typeof id === "string" ? { confirmationId: id } : {}) }) : first;
}
