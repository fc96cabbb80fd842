import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type Ran, run } from "./binary.ts";
import { createHome } from "./home.ts";

/** A throw-away home where the compiled binary runs with `--sandbox`, and what its notes tool stored there. */
export function createNotesHome() {
  const home = createHome();
  const folder = join(home.path, "sandbox", "data", "stand-ins", "notes");
  return {
    ...home,
    database: join(home.path, "sandbox", "data", "mcqueen.db"),
    at: (words: string[], env: Record<string, string> = {}, stdin?: string): Promise<Ran> =>
      run(["--sandbox", ...words], { home: home.path, env, ...(stdin === undefined ? {} : { stdin }) }),
    /** The titles that reached the service, read from its files, so that looking counts as no call. */
    titles: (): string[] =>
      existsSync(folder)
        ? readdirSync(folder)
            .map((name) => (JSON.parse(readFileSync(join(folder, name), "utf8")) as { title: string }).title)
            .sort()
        : [],
  };
}

export const add = (title: string, ...more: string[]): string[] => ["run", "notes", "add", "--title", title, ...more];
