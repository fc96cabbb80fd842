import type { App } from "../app.ts";

/** Tells when a person's list of tools has become another, in whatever process that happened. */
export interface Changes {
  /** Gives what stops it. */
  watch(userId: string, onChange: () => void): () => void;
}

const lookEveryMs = 500;

/** Looks into the database while somebody listens, once for all who listen for one person. */
export function createChanges({ events, log }: App): Changes {
  const listeners = new Map<string, Set<() => void>>();

  const look = async (userId: string): Promise<void> => {
    let last = await events.lastId();
    while (listeners.has(userId)) {
      await Bun.sleep(lookEveryMs);
      const fresh = await events.since(userId, last, 100);
      last = fresh.at(-1)?.id ?? last;
      if (!fresh.some(({ kind }) => kind === "tools.changed")) continue;
      for (const tell of listeners.get(userId) ?? []) tell();
    }
  };
  return {
    watch(userId, onChange) {
      const known = listeners.get(userId);
      const all = known ?? new Set();
      // One of its own, so that the same function may listen twice.
      const listener = (): void => onChange();
      all.add(listener);
      listeners.set(userId, all);
      if (!known) look(userId).catch((error: unknown) => log.error("changes of tools are not seen", { error }));
      return () => {
        all.delete(listener);
        if (all.size === 0 && listeners.get(userId) === all) listeners.delete(userId);
      };
    },
  };
}
