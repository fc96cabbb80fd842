import type { Command } from "commander";
import type { Cli } from "./cli.ts";

/** Adds a verb's arguments, options and action to its command. `words` are those after the verb. */
export type Define = (command: Command, cli: () => Cli, words: readonly string[]) => void | Promise<void>;

export interface Verb {
  name: string;
  summary: string;
  group: string;
  hidden?: true;
  /** Works on this computer alone, so `--server` is refused. */
  here?: true;
  load(): Promise<{ define: Define }>;
}

const everyDay = "Tools:";
const yours = "You:";
const people = "People and programs:";
const daemon = "Daemon:";
const more = "More:";

/** Every verb, one entry each. Only the one that was typed is loaded. */
export const verbs: readonly Verb[] = [
  { name: "list", group: everyDay, summary: "list the tools", load: () => import("./commands/list.ts") },
  { name: "show", group: everyDay, summary: "explain one tool", load: () => import("./commands/show.ts") },
  { name: "run", group: everyDay, summary: "run a tool", load: () => import("./commands/run.ts") },
  { name: "ask", group: everyDay, summary: "say it in your own words", load: () => import("./commands/ask.ts") },
  {
    name: "config",
    group: everyDay,
    summary: "change how a tool works for you",
    load: () => import("./commands/config.ts"),
  },
  {
    name: "providers",
    group: everyDay,
    summary: "the services behind the tools, and how they do",
    load: () => import("./commands/providers.ts"),
  },
  {
    name: "login",
    group: yours,
    summary: "let mcqueen use an account of yours",
    load: () => import("./commands/login.ts"),
  },
  { name: "logout", group: yours, summary: "stop the use of an account", load: () => import("./commands/logout.ts") },
  {
    name: "accounts",
    group: yours,
    summary: "the accounts that mcqueen may use",
    load: () => import("./commands/accounts.ts"),
  },
  {
    name: "profile",
    group: yours,
    summary: "your zone, locale, units and home",
    load: () => import("./commands/profile.ts"),
  },
  {
    name: "places",
    group: yours,
    summary: "the places that you saved",
    load: () => import("./commands/places.ts"),
  },
  {
    name: "settings",
    group: yours,
    summary: "settings of this installation",
    load: () => import("./commands/settings.ts"),
  },
  {
    name: "approvals",
    group: yours,
    summary: "what waits for your yes or no",
    load: () => import("./commands/approvals.ts"),
  },
  { name: "policy", group: yours, summary: "which door may do what", load: () => import("./commands/policy.ts") },
  { name: "history", group: yours, summary: "what was done in your name", load: () => import("./commands/history.ts") },
  {
    name: "stats",
    group: yours,
    summary: "how often, how fast, and the quota left",
    load: () => import("./commands/stats.ts"),
  },
  { name: "users", group: people, summary: "who may log in", load: () => import("./commands/users.ts") },
  { name: "sessions", group: people, summary: "who is logged in", load: () => import("./commands/sessions.ts") },
  {
    name: "tokens",
    group: people,
    summary: "tokens for scripts and agents",
    load: () => import("./commands/tokens.ts"),
  },
  {
    name: "devices",
    group: people,
    summary: "phones that are paired",
    load: () => import("./commands/devices.ts"),
  },
  {
    name: "pair",
    here: true,
    group: people,
    summary: "pair a phone",
    load: () => import("./commands/pair.ts"),
  },
  {
    name: "clients",
    group: people,
    summary: "programs that log in by themselves",
    load: () => import("./commands/clients.ts"),
  },
  {
    name: "mcp",
    group: people,
    summary: "the Model Context Protocol, for agents",
    load: () => import("./commands/mcp.ts"),
  },
  {
    name: "daemon",
    here: true,
    group: daemon,
    summary: "start, stop and look at the daemon",
    load: () => import("./commands/daemon.ts"),
  },
  {
    name: "serve",
    here: true,
    group: daemon,
    summary: "the daemon in the foreground",
    load: () => import("./commands/serve.ts"),
  },
  {
    name: "lan",
    here: true,
    group: daemon,
    summary: "let phones in your own network reach the daemon",
    load: () => import("./commands/lan.ts"),
  },
  {
    name: "connect",
    here: true,
    group: daemon,
    summary: "use a daemon elsewhere from now on",
    load: () => import("./commands/connect.ts"),
  },
  {
    name: "disconnect",
    here: true,
    group: daemon,
    summary: "use this computer again",
    load: () => import("./commands/disconnect.ts"),
  },
  {
    name: "doctor",
    here: true,
    group: more,
    summary: "what works, what does not, and what mends it",
    load: () => import("./commands/doctor.ts"),
  },
  {
    name: "backup",
    here: true,
    group: more,
    summary: "a checked copy of everything that is kept",
    load: () => import("./commands/backup.ts"),
  },
  {
    name: "restore",
    here: true,
    group: more,
    summary: "put a backup in the database's place",
    load: () => import("./commands/restore.ts"),
  },
  {
    name: "vault",
    here: true,
    group: more,
    summary: "how your secrets are kept, and a new key for them",
    load: () => import("./commands/vault.ts"),
  },
  {
    name: "demo",
    here: true,
    group: more,
    summary: "a two-minute tour that touches nothing of yours",
    load: () => import("./commands/demo.ts"),
  },
  {
    name: "completion",
    group: more,
    summary: "completion for bash, zsh or fish",
    load: () => import("./commands/completion.ts"),
  },
  { name: "help", group: more, summary: "help on a verb, or on exit-codes", load: () => import("./commands/help.ts") },
  {
    name: "version",
    group: more,
    summary: "version of mcqueen and what it is built of",
    load: () => import("./commands/version.ts"),
  },
  { name: "complete", group: more, summary: "", hidden: true, load: () => import("./commands/complete.ts") },
];
