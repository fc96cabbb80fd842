/** How much is done: a form for each build, or the one that takes its time. */
export type Scale = "short" | "long";

/** What a row found. */
export interface Figure {
  ok: boolean;
  /** The numbers, in one line. */
  text: string;
}

/** A promise, and what puts it to the test. */
export interface FaultRow {
  id: string;
  promise: string;
  /** What is missing here for it, or undefined. */
  missing?(): string | undefined;
  /** Breaks something on purpose, and looks at what comes of it. */
  run(scale: Scale): Promise<Figure>;
}

/** Collects what went otherwise than promised, so that one line can tell all of it. */
export function createVerdict() {
  const broken = new Map<string, number>();
  return {
    expect(holds: boolean, otherwise: string): void {
      if (!holds) broken.set(otherwise, (broken.get(otherwise) ?? 0) + 1);
    },
    figure(text: string): Figure {
      const all = [...broken].slice(0, 10).map(([what, times]) => (times > 1 ? `${what} (${times} times)` : what));
      return { ok: all.length === 0, text: all.length === 0 ? text : `${text}; BROKEN: ${all.join("; ")}` };
    },
  };
}

/** The share of the values that is at most what is given back; NaN of none. */
export const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
