import { version } from "../../src/version.ts";
import { outline } from "../table.ts";
import type { Define } from "../verbs.ts";

export const define: Define = (command, cli) => {
  command.action(() => {
    const facts = { version, bun: Bun.version, platform: process.platform, arch: process.arch };
    cli().out.data(
      facts,
      () => `mcqueen ${version}\n${outline({ bun: facts.bun, platform: `${facts.platform} ${facts.arch}` })}`,
    );
  });
};
