import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { isRecord } from "../../../src/core/parameters.ts";
import { runProgram } from "./program.ts";
import { calledOf, namesIn, type Reached, type Way } from "./reached.ts";

/** mcporter with a file of servers; it keeps a login in its home. */
export async function mcporter(way: Way): Promise<Reached> {
  const { home } = way;
  const config = join(home, "mcporter.json");
  const run = (words: string[], session?: string) =>
    runProgram("mcporter", ["--config", config, ...words], { home, ...(session === undefined ? {} : { session }) });
  const server =
    way.kind === "pipes"
      ? { command: way.command[0], args: way.command.slice(1), env: way.env }
      : {
          baseUrl: way.url,
          ...(way.kind === "token" ? { headers: { Authorization: `Bearer ${way.token}` } } : { auth: "oauth" }),
        };
  writeFileSync(config, JSON.stringify({ mcpServers: { mq: server } }));
  if (way.kind === "login") {
    const login = await run(["auth", "mq"], way.session);
    if (login.exit !== 0) throw new Error(login.err);
  }
  return {
    async names() {
      const { out, err } = await run(["list", "mq", "--json", "--timeout", "60000"]);
      const { tools } = JSON.parse(out) as { tools?: { name: string }[] };
      if (!tools) throw new Error(out + err);
      return namesIn(tools);
    },
    async call(tool, given) {
      const words = ["call", `mq.${tool}`, "--args", JSON.stringify(given), "--output", "json", "--timeout", "60000"];
      const { exit, out } = await run(words);
      const told: unknown = JSON.parse(out);
      if (exit === 0) return { data: told };
      return isRecord(told) && typeof told.error === "string" ? { failure: told.error } : calledOf(told);
    },
    close: async () => undefined,
  };
}
