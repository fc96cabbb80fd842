import { dirname, join } from "node:path";
import { Glob } from "bun";

/** A source file: its path from the project's root, and its text. */
export type Source = { path: string; text: string };

interface Import {
  target: string;
  typeOnly: boolean;
  lazy: boolean;
}

/** Which rooms each room may import. A room may always import itself. */
const mayImport: Record<string, readonly string[]> = {
  core: [],
  version: [],
  home: [],
  health: [],
  files: ["core"],
  log: ["core", "files"],
  jwt: ["core"],
  net: ["core"],
  store: ["core", "files"],
  sandbox: ["core"],
  oauth: ["core", "net"],
  adapters: ["core", "net"],
  settings: ["core", "home", "files"],
  catalogue: ["core", "adapters"],
  app: ["core", "store", "jwt", "oauth", "adapters", "net", "log", "settings", "health", "version"],
  mcp: ["core", "version"],
  http: ["core", "mcp", "web", "log", "version"],
  daemon: ["core", "settings", "home", "files", "http", "log", "version"],
  cli: ["core", "app", "catalogue", "settings", "home", "log", "version"],
};

/** Beyond the table: types that any of these may name, and doors that open only by `await import()` or for one file. */
const typesOf: Record<string, readonly string[]> = { mcp: ["app"], http: ["app"], daemon: ["app"] };
const lazyOnly: Record<string, readonly string[]> = { app: ["sandbox"] };
const byFile: Record<string, readonly string[]> = {
  "cli/commands/serve.ts": ["daemon"],
  "cli/commands/daemon.ts": ["daemon"],
  "cli/commands/mcp.ts": ["mcp"],
};

/** Libraries that belong to one room. */
const homeOf: [library: RegExp, rooms: readonly string[]][] = [
  [/^elysia$|^@elysiajs\/|^swagger-ui-dist/, ["http"]],
  [/^commander$|^@bomb\.sh\/tab|^yocto-spinner$/, ["cli"]],
  [/^bun:sqlite$/, ["store"]],
  [/^googleapis|^google-auth-library/, ["adapters", "oauth"]],
  [/^@modelcontextprotocol\//, ["mcp"]],
  [/^cockatiel$/, ["net"]],
  [/^pino$/, ["log"]],
  [/^jose$/, ["jwt", "oauth"]],
];

/** core touches nothing outside itself but TypeBox and pure built-ins. */
const coreMayUse = /^@sinclair\/typebox(\/|$)|^node:(crypto|util)$/;

export async function readSources(
  root: string,
  patterns = ["src/**/*.ts", "src/**/*.tsx", "cli/**/*.ts"],
): Promise<Source[]> {
  const sources: Source[] = [];
  for (const pattern of patterns) {
    for await (const path of new Glob(pattern).scan(root))
      sources.push({ path, text: await Bun.file(join(root, path)).text() });
  }
  return sources.filter(({ path }) => !path.endsWith(".d.ts")).sort((a, b) => a.path.localeCompare(b.path));
}

/** Every broken rule of the import law, as a sentence. */
export function violations(sources: readonly Source[]): string[] {
  return sources.flatMap((source) =>
    importsOf(source.text).flatMap((each) => {
      const fault = faultOf(source.path, each);
      return fault ? [`${source.path} imports ${each.target}: ${fault}`] : [];
    }),
  );
}

function faultOf(path: string, { target, typeOnly, lazy }: Import): string | undefined {
  const room = roomOf(path);
  if (!target.startsWith(".")) {
    if (room === "core" && !coreMayUse.test(target)) return "core stays pure";
    const owner = homeOf.find(([library]) => library.test(target));
    return owner && !owner[1].includes(room) ? `that library belongs to ${owner[1].join(", ")}` : undefined;
  }
  const reached = join(dirname(path), target);
  const other = roomOf(reached);
  if (reached === "package.json") {
    return room === "version" || path === "cli/build.ts" ? undefined : "only version.ts reads package.json";
  }
  if (room === "adapters" && other === "adapters")
    return crossesAdapters(path, reached) ? "one adapter never imports another" : undefined;
  if (room === other || mayImport[room]?.includes(other) || byFile[path]?.includes(other)) return undefined;
  if (typeOnly && typesOf[room]?.includes(other)) return undefined;
  if (lazy && lazyOnly[room]?.includes(other)) return undefined;
  return `${room} may not import ${other}`;
}

function crossesAdapters(path: string, reached: string): boolean {
  if (path === "src/adapters/all.ts") return false;
  return path.split("/")[2] !== reached.split("/")[2];
}

/** "src/http/routes/x.ts" -> "http", "src/app.ts" -> "app", "src/settings-table.ts" -> "settings", "cli/x.ts" -> "cli". */
function roomOf(path: string): string {
  const [top = "", second = ""] = path.split("/");
  if (top === "cli") return "cli";
  return second.replace(/\.ts$/, "").replace(/^settings-.*/, "settings");
}

/** Reads import lines as text, because a transpiler drops the imports of types. */
function importsOf(text: string): Import[] {
  const found: Import[] = [];
  const code = text.replace(/^\s*(\/\/|\*|\/\*).*$/gm, "");
  for (const match of code.matchAll(/^\s*(?:import|export)\s+(type\s+)?(?:[^"';]*?\sfrom\s+)?["']([^"']+)["']/gm)) {
    found.push({ target: match[2] ?? "", typeOnly: match[1] !== undefined, lazy: false });
  }
  for (const match of code.matchAll(/import\(\s*["'`]([^"'`]+)["'`]/g)) {
    found.push({ target: match[1] ?? "", typeOnly: false, lazy: true });
  }
  return found;
}
