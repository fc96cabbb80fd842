/** What this browser keeps, under one prefix, and nothing else. Each part may be missing: a private window keeps nothing. */
type Kept = "session" | "device" | "theme" | "voice";

const key = (name: Kept): string => `mcqueen.${name}`;

export function recall<T>(name: Kept): T | undefined {
  try {
    const text = localStorage.getItem(key(name));
    return text === null ? undefined : (JSON.parse(text) as T);
  } catch {
    return undefined;
  }
}

/** Keeps a value; undefined forgets it. */
export function keep(name: Kept, value: unknown): void {
  try {
    if (value === undefined) localStorage.removeItem(key(name));
    else localStorage.setItem(key(name), JSON.stringify(value));
  } catch {
    // A browser that keeps nothing asks again the next time; all else works.
    return;
  }
}
