import { dirname, join } from "node:path";
import { Glob } from "bun";
import { impureGlobals, readsEnvironment } from "./globals.ts";
import { type Import, importsOf } from "./imports.ts";
import { tokensOf } from "./tokens.ts";

/** A source file: its path from the project's root, and its text. */
export type Source = { path: string; text: string };

/** Which rooms each room may import. A room may always import itself. */
const mayImport: Record<string, readonly string[]> = {
  core: [],
  version: [],
  home: [],
  health: [],
  guards: ["core", "settings"],
  files: ["core"],
  log: ["core", "files"],
  jwt: ["core"],
  net: ["core"],
  store: ["core", "files"],
  vault: ["core", "files", "store", "settings"],
  lock: ["files"],
  backup: ["core", "files", "home", "lock", "store"],
  sandbox: ["core"],
  oauth: ["core", "net", "google"],
  google: ["core"],
  adapters: ["core", "net", "google", "osm"],
  osm: ["core"],
  takeout: ["core"],
  settings: ["core", "home", "files"],
  catalogue: ["core", "adapters"],
  app: [
    "core",
    "lock",
    "store",
    "vault",
    "jwt",
    "oauth",
    "adapters",
    "net",
    "log",
    "settings",
    "health",
    "guards",
    "version",
  ],
  lan: ["core", "files"],
  mcp: ["core", "version"],
  http: ["core", "mcp", "web", "log", "version"],
  daemon: ["core", "backup", "lock", "lan", "settings", "home", "files", "http", "log", "version"],
  cli: ["core", "app", "backup", "catalogue", "settings", "vault", "files", "home", "log", "version"],
};

/** Beyond the table: types that any of these may name, and doors that open only by `await import()` or for one file. */
const typesOf: Record<string, readonly string[]> = { mcp: ["app"], web: ["core"], http: ["app"], daemon: ["app"] };
const lazyOnly: Record<string, readonly string[]> = { app: ["sandbox", "takeout"] };
const byFile: Record<string, readonly string[]> = {
  "cli/commands/serve.ts": ["daemon"],
  "cli/commands/settings.ts": ["daemon"],
  "cli/commands/daemon.ts": ["daemon"],
  "cli/commands/lan.ts": ["daemon", "lan"],
  "cli/pair-target.ts": ["daemon", "lan"],
  "cli/daemon-facts.ts": ["daemon"],
  "cli/commands/restore.ts": ["daemon"],
  "cli/diagnosis-doors.ts": ["daemon", "lan"],
  "cli/commands/mcp.ts": ["mcp"],
};

/** Libraries that belong to one room, with all that lies below their names. */
const homeOf: [library: RegExp, rooms: readonly string[]][] = [
  [/^elysia(\/|$)|^@elysiajs\/|^swagger-ui-dist(\/|$)/, ["http"]],
  [/^commander(\/|$)|^@bomb\.sh\/tab(\/|$)|^yocto-spinner(\/|$)|^open(\/|$)/, ["cli"]],
  [/^bun:sqlite$|^node:sqlite$/, ["store", "lock"]],
  [/^googleapis|^google-auth-library/, ["adapters", "google", "oauth"]],
  [/^chrono-node(\/|$)/, ["adapters"]],
  [/^(nodemailer|html-to-text)(\/|$)/, ["adapters"]],
  [/^@modelcontextprotocol\//, ["mcp"]],
  [/^ical-generator$|^@photostructure\/tz-lookup$/, ["adapters"]],
  [/^jsonc-parser(\/|$)/, ["cli"]],
  [/^cockatiel(\/|$)/, ["net"]],
  [/^fflate(\/|$)|^papaparse(\/|$)/, ["takeout"]],
  [/^preact(\/|$)|^@preact\//, ["web"]],
  [/^jose(\/|$)/, ["jwt", "oauth"]],
  [/^@peculiar\//, ["lan"]],
  [/^uqr(\/|$)/, ["cli"]],
];

/** Rooms that reach outside only through what they are handed: all the libraries that they may use. No room's fetch, files or processes. */
const pureRooms: Record<string, RegExp> = {
  core: /^@sinclair\/typebox(\/|$)|^node:(crypto|util)$|^fastest-levenshtein$/,
  google: /^googleapis|^google-auth-library/,
  osm: /^@sinclair\/typebox(\/|$)/,
  takeout: /^@sinclair\/typebox(\/|$)|^fflate$|^papaparse$/,
  adapters:
    /^@sinclair\/typebox(\/|$)|^node:(crypto|util)$|^googleapis|^google-auth-library|^chrono-node(\/|$)|^(nodemailer|html-to-text)(\/|$)|^ical-generator$|^@photostructure\/tz-lookup$/,
};

/** Code for a browser: its files, its libraries, and shapes from core. One file of it runs at build time instead. */
const webBundle = "src/web/bundle.ts";
const webGlobals = /^(fetch|self)$/;
const webLibraries = /^preact(\/hooks)?$|^@preact\/signals$/;

/** So heavy that they are loaded where they are used, and nowhere else: most commands never need them. */
const heavy = /^(googleapis|google-auth-library|nodemailer|html-to-text)(\/|$)/;

/** Loaded late and at once, for the milliseconds that most commands are spared. */
const mayRequire: Record<string, string> = { "cli/terminal.ts": "node:tty", "src/settings.ts": "node:util" };

export async function readSources(
  root: string,
  patterns = ["src/**/*.ts", "src/**/*.tsx", "cli/**/*.ts"],
): Promise<Source[]> {
  const sources: Source[] = [];
  for (const pattern of patterns) {
    for await (const path of new Glob(pattern).scan(root)) {
      if (path.includes("/node_modules/")) continue;
      sources.push({ path, text: await Bun.file(join(root, path)).text() });
    }
  }
  return sources.filter(({ path }) => !path.endsWith(".d.ts")).sort((a, b) => a.path.localeCompare(b.path));
}

/** Every broken rule of the import law, as a sentence. */
export function violations(sources: readonly Source[]): string[] {
  return sources.flatMap(({ path, text }) => {
    const tokens = tokensOf(text);
    const room = roomOf(path);
    const ofImports = importsOf(tokens).flatMap((each) => {
      const fault = faultOf(path, each);
      return fault ? [`${path} imports ${each.target ?? "what it computes"}: ${fault}`] : [];
    });
    const isPage = room === "web" && path !== webBundle;
    const ofGlobals =
      room in pureRooms || isPage ? impureGlobals(tokens).filter((name) => !isPage || !webGlobals.test(name)) : [];
    const isVeiled = tokens.some(({ kind, value }) => kind === "sign" && value === "\\");
    return [
      ...ofImports,
      ...ofGlobals.map((name) => `${path} uses ${name}: ${room} reaches outside only through what it is handed`),
      ...(isVeiled ? [`${path} spells a name in escapes`] : []),
    ];
  });
}

/** The files that read the process's environment, or take hold of something through which they could. */
export const environmentReaders = (sources: readonly Source[]): string[] =>
  sources.filter(({ text }) => readsEnvironment(tokensOf(text))).map(({ path }) => path);

function faultOf(path: string, { target, typeOnly, how }: Import): string | undefined {
  const room = roomOf(path);
  if (target === undefined) return "nobody can see what that is";
  if (how === "require") return mayRequire[path] === target ? undefined : "only named files load by require";
  if (/^(\/|file:|data:|https?:|[a-z]:\\)/i.test(target)) return "a path begins at the file";
  if (!target.startsWith(".")) {
    if (heavy.test(target) && !typeOnly && how !== "lazy") return "that library is loaded late, by await import()";
    if (room === "web" && path !== webBundle && !webLibraries.test(target)) return "a page has few libraries";
    if (pureRooms[room]?.test(target) === false) return `${room} stays pure`;
    const owner = homeOf.find(([library]) => library.test(target));
    return owner && !owner[1].includes(room) ? `that library belongs to ${owner[1].join(", ")}` : undefined;
  }
  const reached = join(dirname(path), target);
  if (room !== "web" && roomOf(reached) === "web" && reached !== webBundle) return "a page is reached as its bundle";
  const other = roomOf(reached);
  if (reached === "package.json") {
    return room === "version" || path === "cli/build.ts" ? undefined : "only version.ts reads package.json";
  }
  if (room === "adapters" && other === "adapters")
    return crossesAdapters(path, reached) ? "one adapter never imports another" : undefined;
  if (room === other || mayImport[room]?.includes(other) || byFile[path]?.includes(other)) return undefined;
  if (typeOnly && typesOf[room]?.includes(other)) return undefined;
  if (how === "lazy" && lazyOnly[room]?.includes(other)) return undefined;
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
  return second.replace(/\.ts$/, "").replace(/^(settings|files|log|app)-.*/, "$1");
}
