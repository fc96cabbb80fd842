import { backups } from "./backups.ts";
import { clock } from "./clock.ts";
import { damaged } from "./damaged.ts";
import { diskErrors } from "./disk-errors.ts";
import { fullDisk } from "./full-disk.ts";
import { killNine } from "./kill-nine.ts";
import { locked } from "./locked.ts";
import type { FaultRow } from "./row.ts";
import { soak } from "./soak.ts";
import { terminated } from "./terminated.ts";
import { upstream } from "./upstream.ts";
import { webhooks } from "./webhooks.ts";

/** Every fault that is brought about here, one line each. */
export const rows: readonly FaultRow[] = [
  killNine,
  diskErrors,
  fullDisk,
  locked,
  damaged,
  terminated,
  clock,
  upstream,
  backups,
  webhooks,
  soak,
];
