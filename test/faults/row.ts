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
  const broken: string[] = [];
  return {
    expect(holds: boolean, otherwise: string): void {
      if (!holds) broken.push(otherwise);
    },
    figure(text: string): Figure {
      return { ok: broken.length === 0, text: broken.length === 0 ? text : `${text}; BROKEN: ${broken.join("; ")}` };
    },
  };
}

/** The share of the values that is at most what is given back; NaN of none. */
export const quantile = (values: readonly number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? Number.NaN;
