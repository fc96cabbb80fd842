import { verbs } from "./verbs.ts";

const names = verbs.map(({ name }) => name).join("|");
/** A command in a sentence: "mcqueen login" is one, "as far as mcqueen has been told" is none. */
const command = new RegExp(`(?<![\\w./'"-])mcqueen (?=(?:${names})\\b)`, "g");

/** "Run: mcqueen login gmail" names another house than the one that was asked. */
export const inSandbox = (text: string): string => text.replace(command, "mcqueen --sandbox ");

/** The fields of our JSON that tell what mends something. */
const telling = new Set(["hint", "fix"]);

/** The same for what JSON tells to do; all other text is data and stays as it is. */
export function hintsInSandbox(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hintsInSandbox);
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name,
      telling.has(name) && typeof each === "string" ? inSandbox(each) : hintsInSandbox(each),
    ]),
  );
}
