import type { Subprocess } from "bun";
import type { App } from "../app.ts";
import { isDailyDue } from "../backup.ts";
import { childEnvironment } from "../settings.ts";

export interface DailyBackups {
  /** Ends one that is being made; what is written of it is thrown away. */
  stop(): Promise<void>;
}

const lookEveryMs = 20 * 60_000;

/**
 * Sees to it that each day has a backup. A process of its own makes it: copying a large database takes seconds in which
 * nobody else would be answered. A failure is logged, and tried again at the next look.
 */
export function keepDailyBackups(app: App, command: readonly string[], everyMs = lookEveryMs): DailyBackups {
  let child: Subprocess<"ignore", "ignore", "pipe"> | undefined;
  let isStopping = false;
  const make = async (): Promise<void> => {
    if (child || isStopping || !isDailyDue(app.settings.home, app.now())) return;
    child = Bun.spawn([...command], { env: childEnvironment(), stdio: ["ignore", "ignore", "pipe"] });
    const [why, exit] = await Promise.all([child.stderr.text(), child.exited]);
    child = undefined;
    if (exit === 0) app.log.info("the daily backup is made");
    else if (!isStopping) app.log.error("the daily backup failed", { why: why.trim(), exit });
  };
  const look = (): void => void make().catch((error: unknown) => app.log.error("the daily backup failed", { error }));
  const looking = setInterval(look, everyMs);
  look();
  return {
    async stop() {
      isStopping = true;
      clearInterval(looking);
      child?.kill();
      await child?.exited;
    },
  };
}
