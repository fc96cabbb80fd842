import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "../../support/free-port.ts";
import { runProgram } from "./program.ts";
import { calledOf, namesIn, type Reached, type Way } from "./reached.ts";

/** The command line of the protocol's own Inspector, which speaks the era that it is told. */
export async function inspector(era: "legacy" | "modern", way: Way): Promise<Reached> {
  const words: string[] = ["--cli", "--format", "json", "--quiet", "--protocol-era", era, "--connect-timeout", "60000"];
  const env: Record<string, string> = { MCP_INSPECTOR_SECRET_STORE: "file" };
  if (way.kind === "pipes") {
    const [command = "", ...args] = way.command;
    const file = join(way.home, "inspector.json");
    const server = { type: "stdio", command, args, env: way.env, protocolEra: era };
    writeFileSync(file, JSON.stringify({ mcpServers: { mq: server } }));
    words.push("--config", file, "--server", "mq");
  } else {
    words.push("--server-url", way.url);
    if (way.kind === "token") words.push("--header", `Authorization: Bearer ${way.token}`);
    else {
      words.push("--callback-url", `http://127.0.0.1:${await freePort()}/oauth/callback`);
      // Without a terminal it logs in only where it may open a browser by itself.
      env.MCP_AUTO_OPEN_ENABLED = "true";
    }
  }
  const ask = async (...more: string[]) => {
    const session = way.kind === "login" ? { session: way.session } : {};
    const ran = await runProgram("inspector", [...words, ...more], { home: way.home, env, ...session });
    const { result } = (ran.out.trim() === "" ? {} : JSON.parse(ran.out)) as { result?: { tools: { name: string }[] } };
    return { result, error: ran.err };
  };
  return {
    async names() {
      const { result, error } = await ask("--method", "tools/list");
      if (!result) throw new Error(error);
      return namesIn(result.tools);
    },
    async call(tool, given) {
      const words = ["--method", "tools/call", "--tool-name", tool, "--tool-args-json", JSON.stringify(given)];
      const { result, error } = await ask(...words);
      return result ? calledOf(result) : { failure: error };
    },
    close: async () => undefined,
  };
}
