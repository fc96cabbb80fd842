import { existsSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../../src/core/errors.ts";
import { openVault, openWatchedVault } from "./vaults.ts";

const say = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

/** Stops for good, so that whoever reads what was said can kill this process at that very point. */
function hang(at: string): void {
  say({ at });
  for (;;) Bun.sleepSync(1_000);
}

/** Where a rotation is stopped. */
export const stops = [
  "made",
  "current",
  "within a batch",
  "after a batch",
  "last batch",
  "forgetting",
  "forgotten",
] as const;
export type Stop = (typeof stops)[number];

async function rotateUntil(home: string, stop: Stop): Promise<void> {
  let transactions = 0;
  const places: Partial<Record<Stop, number>> = {
    current: 1,
    "within a batch": 3,
    "after a batch": 3,
    "last batch": 4,
  };
  using vault = openWatchedVault(home, {
    keys: (keys) => ({
      ...keys,
      async make(backend) {
        const made = await keys.make(backend);
        if (stop === "made") hang(stop);
        return made;
      },
      async forget(backend, id) {
        if (stop === "forgetting") hang(stop);
        const isGone = await keys.forget(backend, id);
        if (stop === "forgotten") hang(stop);
        return isGone;
      },
    }),
    transaction: (run) => (body) => {
      const isHere = ++transactions === places[stop];
      const result = run(() => {
        const done = body();
        if (isHere && stop === "within a batch") hang(stop);
        return done;
      });
      if (isHere) hang(stop);
      return result;
    },
  });
  say({ rotated: (await vault.rotate()).key.id });
}

/** Writes ever higher numbers to places of its own, reads them back, and looks at those of the others. */
async function work(home: string, me: number, workers: number, places: number): Promise<void> {
  using vault = openVault(home);
  const problems: string[] = [];
  const seen = new Map<string, number>();
  let reads = 0;
  let writes = 0;
  const look = async (worker: number, place: number, least = seen.get(`${worker} ${place}`) ?? 0): Promise<void> => {
    const name = `${worker} ${place}`;
    const found = Number(await vault.read({ service: "load", account: name }));
    reads++;
    if (!(found >= least)) problems.push(`${name} gave ${found} after ${least}`);
    seen.set(name, found);
  };
  for (let round = 1; !existsSync(join(home, "stop")); round++) {
    for (let place = 0; place < places && !existsSync(join(home, "stop")); place++) {
      try {
        await vault.write({ service: "load", account: `${me} ${place}` }, String(round));
        writes++;
        await look(me, place, round);
        await look((me + 1 + (round % (workers - 1))) % workers, place);
      } catch (error) {
        problems.push(error instanceof Error ? error.message : String(error));
      }
    }
  }
  say({ reads, writes, problems });
}

if (import.meta.main) {
  const [home = "", deed = "", ...args] = process.argv.slice(2);
  if (deed === "rotate-until") await rotateUntil(home, args[0] as Stop);
  if (deed === "work") await work(home, Number(args[0]), Number(args[1]), Number(args[2]));
  if (deed === "rotate") {
    using vault = openVault(home);
    say(
      await vault.rotate().catch((error: unknown) => (error instanceof AppError ? { failed: error.message } : error)),
    );
  }
  if (deed === "first") {
    using vault = openVault(home, args[1] === undefined ? {} : { VAULT_KEY: "auto", ENCRYPTION_KEY: args[1] });
    await vault.write({ service: "first", account: args[0] ?? "" }, `secret of ${args[0]}`);
    say(await vault.keys());
  }
}
