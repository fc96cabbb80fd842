import { beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { Cli } from "../../cli/cli.ts";
import { buildProgram, parseAndRun } from "../../cli/program.ts";
import { AppError } from "../../src/core/errors.ts";
import { binary, run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";

setDefaultTimeout(60_000);

class Reached extends Error {}
const cli = (): Cli => {
  throw new Reached();
};

/** What became of a command line: the code that refused it, or that it came to its own work. */
const fate = (line: string): Promise<string> =>
  parseAndRun(line.split(" "), cli).then(
    () => "worked",
    (thrown: unknown) => {
      if (thrown instanceof Reached) return "worked";
      if (thrown instanceof AppError) return thrown.code;
      throw thrown;
    },
  );

const changing = [
  "login gmail",
  "logout gmail",
  "pair",
  "connect https://home.example.org",
  "disconnect",
  "restore old.db --yes",
  "vault rotate",
  "vault reset --yes",
  "settings set PORT 3002",
  "settings unset READ_ONLY",
  "profile set zone=Europe/Oslo",
  "accounts default work",
  "accounts rename work office",
  "config get_weather set units=imperial",
  "config get_weather disable",
  "config get_weather reset",
  "config import configs.json",
  "places add Pier --at 52.5,13.4",
  "places set pier --note x",
  "places label pier work",
  "places remove pier",
  "places import saved.csv",
  "approvals approve apr_0123456789ab",
  "approvals deny apr_0123456789ab",
  "policy set rest write approve",
  "policy unset rest write",
  "users add ada",
  "users role ada admin",
  "users remove ada",
  "users token ada",
  "sessions revoke s",
  "tokens create script",
  "tokens revoke script",
  "devices rename phone Old",
  "devices revoke phone",
  "clients allow 1234-5678",
  "clients deny 1234-5678",
  "clients set agent --all-tools",
  "clients revoke agent",
  "daemon install",
  "daemon uninstall",
  "lan on",
  "lan off",
];
const reading = [
  "list --all",
  "show get_weather",
  "run get_weather",
  "ask hello",
  "providers",
  "accounts",
  "accounts list",
  "profile",
  "settings",
  "settings get PORT",
  "config get_weather",
  "config get_weather get units",
  "config export",
  "places list",
  "places export",
  "approvals list",
  "approvals show apr_0123456789ab",
  "approvals watch",
  "policy",
  "history",
  "history verify",
  "stats",
  "users list",
  "sessions list",
  "tokens list",
  "devices list",
  "clients list",
  "mcp",
  "mcp install claude",
  "daemon start",
  "daemon stop",
  "daemon restart",
  "daemon status",
  "daemon logs",
  "daemon token",
  "serve",
  "lan status",
  "doctor",
  "backup",
  "backup list",
  "vault status",
  "demo",
  "completion bash",
  "help exit-codes",
  "version",
];

describe("--read-only", () => {
  test.each(changing)("refuses %s before it begins", async (line) => {
    expect(await fate(`--read-only ${line}`)).toBe("forbidden");
    expect(await fate(line)).toBe("worked");
  });

  test.each(reading)("leaves %s alone", async (line) => {
    expect(await fate(`--read-only ${line}`)).toBe("worked");
  });

  test.each(["vault rotate --read-only", "vault --read-only rotate", "settings set PORT 3002 --read-only"])(
    "holds where it stands: %s",
    async (line) => expect(await fate(line)).toBe("forbidden"),
  );

  test.each(["clients set agent --read-only", "clients allow 1234-5678 --read-only"])(
    "is no flag of ours in %s, where it bounds a program",
    async (line) => expect(await fate(line)).toBe("worked"),
  );

  test("is decided for every command that there is", async () => {
    const program = await buildProgram([], cli, true);
    const leaves = (command: Command, path: string[]): string[] =>
      command.commands.length === 0
        ? [path.join(" ")]
        : command.commands.flatMap((each) => leaves(each, [...path, each.name()]));
    const decided = [...changing, ...reading].map((line) => line.split(" "));
    const open = leaves(program, []).filter(
      (leaf) => leaf !== "complete" && !decided.some((words) => words.join(" ").startsWith(leaf)),
    );
    expect(open).toEqual([]);
  });
});

describe("in the product", () => {
  beforeAll(async () => void (await binary()));

  test("it is a refusal like others, and nothing is written; the setting holds back tools alone", async () => {
    using home = createHome();
    const at = (...words: string[]) => run(words, { home: home.path });
    const told = await at("--read-only", "settings", "set", "PORT", "3002");
    expect([told.exit, told.err]).toEqual([
      8,
      expect.stringMatching(/settings set would change what is kept.*\n.*Leave/),
    ]);
    const { json } = await at("--read-only", "vault", "rotate", "--json");
    expect(json).toMatchObject({ success: false, error_code: "forbidden", hint: "Leave --read-only out." });
    expect(existsSync(join(home.path, "config"))).toBe(false);
    const set = await run(["settings", "set", "PORT", "3002"], { home: home.path, env: { READ_ONLY: "true" } });
    expect(set.exit).toBe(0);
  });

  test("a daemon that was started with it only reads, also after a restart", async () => {
    using home = createHome();
    const at = (...words: string[]) => run(["--sandbox", ...words], { home: home.path });
    try {
      await at("--read-only", "daemon", "start", "--port", "0");
      await at("daemon", "restart");
      const server = (await at("daemon", "status", "--json")).json.data.url;
      const env = { MCQUEEN_TOKEN: (await at("daemon", "token")).out.trim() };
      const words = ["--server", server, "run", "notes", "add", "--title", "Milk", "--yes", "--json"];
      const { json } = await run(words, { home: home.path, env });
      expect(json).toMatchObject({ success: false, error_code: "forbidden" });
    } finally {
      await at("daemon", "stop");
    }
  });
});
