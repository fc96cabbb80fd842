/** The secret values that this process has met. Whatever it logs or answers is searched for them. */
export interface KnownSecrets {
  add(...values: (string | undefined)[]): void;
  /** The same array until another value comes in. */
  all(): readonly string[];
}

/** Those met while running may be many in a daemon's life, so the oldest of them go. */
const mostMet = 500;

/** @param lasting values that are never forgotten */
export function createKnownSecrets(lasting: readonly string[]): KnownSecrets {
  const met = new Set<string>();
  let list: readonly string[] = [...lasting];
  return {
    add(...values) {
      const fresh = values.filter((value): value is string => Boolean(value) && !list.includes(value ?? ""));
      if (fresh.length === 0) return;
      for (const value of fresh) met.add(value);
      for (const oldest of met) {
        if (met.size <= mostMet) break;
        met.delete(oldest);
      }
      list = [...lasting, ...met];
    },
    all: () => list,
  };
}
