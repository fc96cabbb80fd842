import type { ServerContext } from "@modelcontextprotocol/server";
import type { App } from "../app.ts";
import { AppError } from "../core/errors.ts";
import { failure, type Outcome } from "../core/outcome.ts";
import { type Asker, isWelcome } from "./asker.ts";

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

/** A call that is kept open while a person does something elsewhere. */
export interface Waiting {
  asker: Asker;
  signal: AbortSignal;
  progress: ((text: string) => void) | undefined;
}

/** Keeps calls open, up to the setting's time. */
export interface Patience {
  /** Gives what came of the approval, or that nobody has answered it yet. */
  awaitApproval(waiting: Waiting, approvalId: string): Promise<Outcome>;
  /** Waits until the person has linked the service. False when the time is over. */
  awaitLogin(waiting: Waiting, service: string): Promise<boolean>;
}

const sliceMs = 5_000;
/** Waiting costs a look into the database again and again; who has more open is answered at once. */
const mostWaits = 20;

type PatienceParts = Pick<App, "settings" | "approvals" | "accounts">;

export function createPatience({ settings, approvals, accounts }: PatienceParts): Patience {
  const waits = new Map<string, number>();
  const hold = async <T>({ asker }: Waiting, wait: (untilMs: number) => Promise<T>): Promise<T> => {
    const { credentialId } = asker.caller;
    const open = waits.get(credentialId) ?? 0;
    waits.set(credentialId, open + 1);
    try {
      return await wait(performance.now() + (open < mostWaits ? settings.number("APPROVAL_WAIT_S") * 1000 : 0));
    } finally {
      const left = (waits.get(credentialId) ?? 1) - 1;
      if (left > 0) waits.set(credentialId, left);
      else waits.delete(credentialId);
    }
  };
  return {
    awaitApproval: (waiting, approvalId) =>
      hold(waiting, async (until) => {
        const { asker, signal, progress } = waiting;
        for (;;) {
          progress?.("Waiting for a person to approve this");
          const left = until - performance.now();
          let outcome: Outcome;
          try {
            const waitMs = Math.max(0, Math.min(left, sliceMs));
            const options = { signal, isWelcome: () => isWelcome(asker) };
            outcome = await approvals.wait(asker.caller.userId, approvalId, waitMs, options);
          } catch (error) {
            if (error instanceof AppError) return failure(error);
            throw error;
          }
          const isOpen = !outcome.ok && outcome.code === "approval_required";
          if (!isOpen || left <= sliceMs || signal.aborted) return outcome;
        }
      }),
    awaitLogin: (waiting, service) =>
      hold(waiting, async (until) => {
        const { asker, signal, progress } = waiting;
        for (let looks = 0; ; looks++) {
          if ((await accounts.linked(asker.caller.userId)).has(service)) return true;
          if (performance.now() >= until || signal.aborted || !(await isWelcome(asker))) return false;
          if (looks % 20 === 0) progress?.("Waiting for the person to log in");
          await Bun.sleep(250);
        }
      }),
  };
}
