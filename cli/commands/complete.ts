import tab from "@bomb.sh/tab/commander";
import type { Command } from "commander";
import { describeTools } from "../../src/catalogue.ts";
import { settingsTable } from "../../src/settings-table.ts";
import { optionOf, terminalOptionOf } from "../flag-options.ts";
import { flagsOf } from "../flags.ts";
import { installTargets } from "../install-table.ts";
import { buildProgram } from "../program.ts";
import type { Define } from "../verbs.ts";
import { terminalFlags } from "../views/render.ts";

/** Global flags may stand anywhere; what is completed does not depend on them. */
const globals = ["--json", "--quiet", "--sandbox", "--read-only"];

/** What the shell asks: `complete -- <words so far>`. It opens no database and no network. */
export const define: Define = (command, cli, words) => {
  command
    .allowUnknownOption()
    .allowExcessArguments()
    .argument("[words...]")
    .action(async () => {
      const typed = words
        .slice(words[0] === "--" ? 1 : 0)
        .filter((word, at, all) => at === all.length - 1 || !globals.includes(word));
      const program = await buildProgram([], cli, true);
      const own = program.commands.findIndex((each) => each.name() === "complete");
      (program.commands as Command[]).splice(own, 1);
      const root = tab(program, { completionCommandName: "completion-script" });
      root.commands.delete("completion-script");
      const tools = await describeTools(words.includes("--sandbox"));
      for (const verb of ["run", "show", "config"]) {
        root.commands.get(verb)?.argument("tool", (complete) => {
          for (const { id, description } of tools) complete(id, description);
        });
      }
      const configured = typed[0] === "config" ? tools.find(({ id }) => id === typed[1]) : undefined;
      root.commands.get("config")?.argument("values", (complete) => {
        for (const [key, schema] of Object.entries(configured?.settings_schema?.properties ?? {})) {
          complete(typed[2] === "set" ? `${key}=` : key, String(schema.description ?? ""));
        }
      });
      if (typed[0] === "config" && typed.length === 2) {
        root.commands.get("config")?.argument("tool", (complete) => {
          for (const { id, description } of tools) complete(id, description);
          complete("export", "all configs and the profile, as JSON");
          complete("import", "what export wrote");
        });
      }
      root.commands.get("mcp install")?.argument("client", (complete) => {
        for (const [client, { name }] of Object.entries(installTargets)) complete(client, name);
      });
      root.commands.get("settings")?.argument("key", (complete) => {
        for (const [name, { about }] of Object.entries(settingsTable)) complete(name, about);
      });
      const tool = typed[0] === "run" ? tools.find(({ id }) => id === typed[1]) : undefined;
      for (const flag of tool ? flagsOf(tool, undefined) : []) {
        const option = optionOf(flag);
        const choices = flag.schema.anyOf?.map((part) => String(part.const)) ?? [];
        root.commands.get("run")?.option(option.name(), option.description, (complete) => {
          for (const choice of choices) complete(choice, "");
        });
      }
      for (const option of (terminalFlags[tool?.id ?? ""] ?? []).map(terminalOptionOf)) {
        root.commands.get("run")?.option(option.name(), option.description, () => undefined);
      }
      root.parse([...typed]);
    });
};
