/** Parameters of which each was given at most once and is one of those that are taken here. */
export type Fields = Record<string, string | undefined>;

/** Reads parameters as Google does: each once, none that it does not know. @returns what is wrong with them, as a sentence */
export function readFields(given: URLSearchParams, taken: readonly string[]): Fields | string {
  for (const name of given.keys()) {
    if (!taken.includes(name)) return `Parameter not allowed for this message type: ${name}`;
    if (given.getAll(name).length > 1) return `OAuth 2 parameters can only have a single value: ${name}`;
  }
  return Object.fromEntries([...given].filter(([, value]) => value !== ""));
}

/** The body of a form; none for any other kind of body. */
export async function readForm(request: Request): Promise<URLSearchParams> {
  const type = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  return new URLSearchParams(type === "application/x-www-form-urlencoded" ? await request.text() : "");
}
