import { AppError, codes } from "../src/core/errors.ts";
import type { Envelope } from "../src/core/outcome.ts";
import type { Cli } from "./cli.ts";
import { Exit } from "./exit.ts";
import { errorOf } from "./remote.ts";
import { render } from "./views/render.ts";

/** What a person at the command line needs to know of a call that waits for a yes. */
function explained(error: AppError): AppError {
  if (error.metadata.sandbox) {
    const { sandbox: _label, ...metadata } = error.metadata;
    const told = explained(
      new AppError(error.code, error.message, { metadata, ...(error.hint ? { hint: error.hint } : {}) }),
    );
    const hint =
      `${told.hint ?? ""}\nSANDBOX: a local stand-in answered, which knows only a few places and things.`.trim();
    return new AppError(told.code, told.message, { hint, metadata });
  }
  const { confirmation_prompt: prompt, approval_id: id, expires_at: until } = error.metadata;
  if (error.code === "confirmation_required") {
    return new AppError(error.code, error.message, {
      hint: `It asks: ${prompt}\nRun it in a terminal to be asked, or add --yes.`,
    });
  }
  if (error.code !== "approval_required") return error;
  return new AppError(error.code, error.message, {
    hint: `Its id is ${id}, and it waits until ${String(until).slice(11, 16)}Z.`,
  });
}

/** Parameters that were refused are explained by `show`, where nothing better mends them. */
function withWhereToLook(toolId: string, envelope: Envelope): Envelope {
  if (envelope.success || envelope.error_code !== "invalid_parameters" || !envelope.metadata.problems) return envelope;
  const { hint, metadata, ...rest } = envelope;
  if (hint !== undefined && !hint.startsWith("One of: ")) return envelope;
  const look = ["Run: mcqueen show", toolId, metadata.action].filter((word) => word !== undefined).join(" ");
  return { ...rest, hint: hint === undefined ? look : `${hint}\n${look}`, metadata };
}

/** Prints what a call led to, and ends with the exit code of its failure. */
export function printOutcome(cli: Cli, toolId: string, answered: Envelope): void {
  const envelope = withWhereToLook(toolId, answered);
  if (!envelope.success) {
    if (!cli.out.json) throw explained(errorOf(envelope));
    cli.out.envelope(envelope);
    throw new Exit(codes[errorOf(envelope).code].exit);
  }
  const { sandbox, failed_providers: failed } = envelope.metadata;
  if (Array.isArray(failed) && !cli.out.json) {
    for (const { provider, reason } of failed as { provider: string; reason: string }[]) {
      cli.out.note(`${provider} did not answer: ${reason}`);
    }
  }
  cli.out.data(envelope, (paint, here) => {
    const label = sandbox
      ? `${paint.yellow("SANDBOX")} ${paint.dim("a local stand-in answered, not the real service")}\n`
      : "";
    return label + render(toolId, envelope, paint, here);
  });
}
