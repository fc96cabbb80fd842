import type { ServerContext } from "@modelcontextprotocol/server";
import type { App } from "../app.ts";
import { AppError } from "../core/errors.ts";
import { failure, type Outcome } from "../core/outcome.ts";
import type { Asker } from "./asker.ts";

/** Tells a client that asked for it how a call goes on. */
export function createProgress(ctx: ServerContext): ((text: string) => void) | undefined {
  const progressToken = ctx.mcpReq._meta?.progressToken;
  if (progressToken === undefined) return undefined;
  let progress = 0;
  return (message) => {
    progress++;
    const params = { progressToken, progress, message };
    // Whoever went away needs no news.
    ctx.mcpReq.notify({ method: "notifications/progress", params }).catch(() => undefined);
  };
}

const sliceMs = 5_000;

/** Keeps a call open while a person is asked, up to the setting's time. */
export async function awaitApproval(
  app: App,
  { caller, isWelcome }: Asker,
  approvalId: string,
  signal: AbortSignal,
  progress: ((text: string) => void) | undefined,
): Promise<Outcome> {
  const until = performance.now() + app.settings.number("APPROVAL_WAIT_S") * 1000;
  for (;;) {
    progress?.("Waiting for a person to approve this");
    const left = until - performance.now();
    let outcome: Outcome;
    try {
      outcome = await app.approvals.wait(caller.userId, approvalId, Math.max(0, Math.min(left, sliceMs)), {
        signal,
        isWelcome,
      });
    } catch (error) {
      if (error instanceof AppError) return failure(error);
      throw error;
    }
    const isOpen = !outcome.ok && outcome.code === "approval_required";
    if (!isOpen || left <= sliceMs || signal.aborted) return outcome;
  }
}

/** Waits until the person has linked the service. False when the time is over. */
export async function awaitLogin(
  app: App,
  { caller, isWelcome }: Asker,
  service: string,
  signal: AbortSignal,
  progress: ((text: string) => void) | undefined,
): Promise<boolean> {
  const until = performance.now() + app.settings.number("APPROVAL_WAIT_S") * 1000;
  for (let looks = 0; ; looks++) {
    if ((await app.accounts.linked(caller.userId)).has(service)) return true;
    if (performance.now() >= until || signal.aborted || !(await isWelcome())) return false;
    if (looks % 20 === 0) progress?.("Waiting for the person to log in");
    await Bun.sleep(250);
  }
}
