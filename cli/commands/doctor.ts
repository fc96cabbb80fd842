import type { Cli } from "../cli.ts";
import { diagnose } from "../diagnosis.ts";
import { Exit } from "../exit.ts";
import type { Finding } from "../finding.ts";
import type { Here } from "../output.ts";
import type { Paint } from "../paint.ts";
import { sanitise, sanitiseLine } from "../sanitise.ts";
import type { Define } from "../verbs.ts";

export const define: Define = (command, cli) => {
  command
    .option("--offline", "ask nothing on the network")
    .addHelpText("after", "\nExit code 1 when something does not work.\n\nExample:\n  mcqueen doctor --json")
    .action((options: { offline?: true }) => examine(cli(), options.offline ?? false));
};

async function examine(cli: Cli, offline: boolean): Promise<void> {
  const findings: Finding[] = [];
  for await (const finding of diagnose(cli, offline)) findings.push(finding);
  const isBad = findings.some(({ status }) => status === "fails");
  cli.out.data({ success: !isBad, findings, total: findings.length, metadata: {} }, (paint, here) =>
    findings.map((finding) => line(finding, paint, here)).join("\n"),
  );
  if (isBad) throw new Exit(1);
}

function line({ status, about, detail, fix }: Finding, paint: Paint, here: Here): string {
  const mark = { works: paint.green("✓"), warns: paint.yellow("!"), fails: paint.red("✗") }[status];
  const first = `${mark} ${paint.bold(about)}  ${sanitiseLine(detail)}`;
  return fix === undefined ? first : `${first}\n    ${here(sanitise(fix)).replaceAll("\n", "\n    ")}`;
}
