import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { runProgram } from "./program.ts";
import { calledOf, namesIn, type Reached, type Way } from "./reached.ts";

/** mcpc, whose session is a process of its own that stays until it is closed. */
export async function mcpc(way: Way): Promise<Reached> {
  const { home } = way;
  const run = (words: string[], session?: string) =>
    runProgram("mcpc", ["--json", ...words], { home, ...(session === undefined ? {} : { session }) });
  const must = async (words: string[], session?: string): Promise<void> => {
    const ran = await run(words, session);
    if (ran.exit !== 0) throw new Error(ran.out + ran.err);
  };
  if (way.kind === "pipes") {
    const file = join(home, "mcpc.json");
    const server = { command: way.command[0], args: way.command.slice(1), env: way.env };
    writeFileSync(file, JSON.stringify({ mcpServers: { mq: server } }));
    await must(["connect", `${file}:mq`, "@mq"]);
  } else {
    if (way.kind === "login") await must(["login", way.url], way.session);
    const headers = way.kind === "token" ? ["--header", `Authorization: Bearer ${way.token}`] : [];
    await must(["connect", way.url, "@mq", ...headers]);
  }
  return {
    async names() {
      const { out } = await run(["@mq", "tools-list"]);
      return namesIn(JSON.parse(out));
    },
    async call(tool, given) {
      const { out, err } = await run(["@mq", "tools-call", tool, JSON.stringify(given)]);
      return out.trim() === "" ? { failure: err } : calledOf(JSON.parse(out));
    },
    close: () => must(["close", "@mq"]),
  };
}
