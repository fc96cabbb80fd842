interface Seen {
  types: Set<string>;
  count: number;
}

/** How the shape of a stand-in's answer differs from recorded ones, one sentence each. */
export function differences(recorded: readonly unknown[], standIn: unknown, documented: readonly string[]): string[] {
  const real = new Map<string, Seen>();
  for (const each of recorded) walk(each, "", real);
  const made = new Map<string, Seen>();
  walk(standIn, "", made);
  const isDocumented = (path: string): boolean =>
    documented.some((known) => path === known || path.startsWith(`${known}.`));
  const found: string[] = [];
  for (const [path, { types }] of made) {
    const seen = real.get(path);
    if (!seen) {
      if (!isDocumented(path)) found.push(`${path} is in no recorded answer`);
      continue;
    }
    const strange = [...types].filter((type) => !seen.types.has(type));
    if (strange.length > 0) found.push(`${path} is ${strange.join(", ")}, recorded as ${[...seen.types].join(", ")}`);
  }
  for (const path of real.keys()) {
    if (isEverywhere(real, path) && made.has(parentOf(path)) && !isEverywhere(made, path)) {
      found.push(`${path} is in every recorded answer and not in the stand-in's`);
    }
  }
  return found;
}

function walk(value: unknown, path: string, seen: Map<string, Seen>): void {
  const type = Array.isArray(value) ? "array" : value === null ? "null" : typeof value;
  const here = seen.get(path) ?? { types: new Set(), count: 0 };
  here.types.add(type);
  here.count += 1;
  seen.set(path, here);
  if (Array.isArray(value)) for (const each of value) walk(each, `${path}[]`, seen);
  else if (typeof value === "object" && value !== null) {
    for (const [key, each] of Object.entries(value)) walk(each, `${path}.${key}`, seen);
  }
}

const parentOf = (path: string): string => path.replace(/(\.[^.[]+|\[\])$/, "");

/** Whether every object that could have this member has it. */
function isEverywhere(seen: Map<string, Seen>, path: string): boolean {
  if (path === "" || path.endsWith("[]")) return seen.has(path);
  return seen.get(path)?.count === seen.get(parentOf(path))?.count;
}
