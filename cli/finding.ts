/** One thing that doctor looked at. */
export interface Finding {
  about: string;
  status: "works" | "warns" | "fails";
  detail: string;
  /** The command that mends it, or what to do. */
  fix?: string;
}
