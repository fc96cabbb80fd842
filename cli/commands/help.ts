import { AppError, codes } from "../../src/core/errors.ts";
import { suggestion } from "../../src/core/suggestion.ts";
import { buildProgram } from "../program.ts";
import { table } from "../table.ts";
import { type Define, verbs } from "../verbs.ts";

export const define: Define = (command, cli) => {
  command.argument("[topic]", "a verb, or exit-codes").action(async (topic: string | undefined) => {
    if (topic === "exit-codes") return exitCodes();
    if (topic !== undefined && !verbs.some(({ name }) => name === topic)) {
      const known = [...verbs.filter(({ hidden }) => !hidden).map(({ name }) => name), "exit-codes"];
      throw new AppError("usage", `No help on ${topic}`, { hint: `${suggestion(topic, known)}Run: mcqueen --help` });
    }
    const program = await buildProgram(topic ? [topic] : [], cli);
    (program.commands.find((each) => each.name() === topic) ?? program).outputHelp();
  });

  function exitCodes(): void {
    const rows = Object.entries(codes).map(([code, { exit, http, means }]) => ({ exit, code, http, means }));
    rows.sort((a, b) => a.exit - b.exit);
    const all = [
      { exit: 0, code: "ok", http: 200, means: "done" },
      ...rows,
      { exit: 130, code: "interrupted", http: 0, means: "stopped by Ctrl-C" },
    ];
    cli().out.data(all, (paint) =>
      table([
        ["exit", "code", "HTTP", "means"].map(paint.bold),
        ...all.map((row) => [String(row.exit), row.code, row.http ? String(row.http) : "", row.means]),
      ]),
    );
  }
};
