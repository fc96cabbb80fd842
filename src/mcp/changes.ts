import type { App } from "../app.ts";

/** Tells when a person's list of tools has become another, in whatever process that happened. */
export interface Changes {
  /** Gives what stops it. */
  watch(userId: string, onChange: () => void): () => void;
}

const lookEveryMs = 500;

/** Looks into the database while somebody listens, once for all who listen for one person. */
export function createChanges({ events, log }: Pick<App, "events" | "log">): Changes {
  const listeners = new Map<string, Set<() => void>>();

  const look = async (userId: string, all: Set<() => void>): Promise<void> => {
    let last: number | undefined;
    // Who comes after the last one has gone gets a look of their own.
    while (listeners.get(userId) === all) {
      try {
        const fresh = last === undefined ? [] : await events.since(userId, last, 100);
        last = fresh.at(-1)?.id ?? last ?? (await events.lastId());
        if (fresh.some(({ kind }) => kind === "tools.changed")) for (const tell of all) tell();
      } catch (error) {
        log.error("changes of tools are not seen", { error });
      }
      await Bun.sleep(lookEveryMs);
    }
  };
  return {
    watch(userId, onChange) {
      const all = listeners.get(userId) ?? new Set();
      // One of its own, so that the same function may listen twice.
      const listener = (): void => onChange();
      all.add(listener);
      if (!listeners.has(userId)) {
        listeners.set(userId, all);
        void look(userId, all);
      }
      return () => {
        all.delete(listener);
        if (all.size === 0 && listeners.get(userId) === all) listeners.delete(userId);
      };
    },
  };
}
