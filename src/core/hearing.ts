/** What kind of thing a parameter is when somebody says it. */
export type SlotKind = "text" | "people" | "day" | "time" | "moment" | "count" | "choice";

/** Where a parameter stands in what a person says. */
export interface Slot {
  as: SlotKind;
  /** Words that stand before it. Needed for text; the other kinds are known by their form. */
  after?: readonly string[];
  /** Takes everything up to the end, whatever else it holds. */
  rest?: true;
  /** For choices: the words for each value, beside the value itself. */
  words?: Readonly<Record<string, readonly string[]>>;
}

/** How a person's words become a call of an action. Everything is compared by stem and without case. */
export interface Hearing {
  /** Words that point to the action. */
  words: readonly string[];
  /** By the name of the parameter; those that come first take their words first. */
  slots?: Readonly<Record<string, Slot>>;
}
