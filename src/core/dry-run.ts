import { promptOf } from "./confirmation.ts";
import type { Road } from "./execute.ts";
import type { Metadata, Outcome } from "./outcome.ts";
import type { Checked } from "./steps.ts";
import { createVoice } from "./voice.ts";

/** What a call would do, and what a person would be asked first. */
export async function plan(
  road: Pick<Road, "users" | "now">,
  { call, action, parameters }: Checked,
  metadata: Metadata,
): Promise<Outcome> {
  const voice = createVoice(await road.users.profile(call.caller.userId), road.now());
  const asks = action.confirmation ? { prompt: await promptOf(action, parameters, voice) } : {};
  return {
    ok: true,
    data: { dry_run: true, action: action.id, effect: action.effect, parameters, ...asks },
    metadata: { ...metadata, dry_run: true },
  };
}
