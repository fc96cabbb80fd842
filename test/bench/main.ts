import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "../../src/version.ts";
import { measureHistory } from "./history.ts";
import { measureInterpret } from "./interpret.ts";
import { measureIdleMemory } from "./memory.ts";
import { compile, measureStartups } from "./startup.ts";

/** `bun run bench [--json] [--quick]`: ratios measured in one run, with the machine and the versions. */
const json = process.argv.includes("--json");
const historySizes = process.argv.includes("--quick") ? [10, 10_000] : [10, 10_000, 1_000_000];
const folder = mkdtempSync(join(tmpdir(), "mcqueen-bench-"));
try {
  writeFileSync(join(folder, "hello.ts"), 'import { writeSync } from "node:fs";\nwriteSync(1, "hello\\n");\n');
  const hello = await compile(join(folder, "hello.ts"), join(folder, "hello"));
  const binary = await compile(join(import.meta.dir, "../../cli/main.ts"), join(folder, "mcqueen"));
  const env = { MCQUEEN_HOME: join(folder, "home"), PATH: process.env.PATH ?? "", HOME: folder };
  const startups = await measureStartups(
    { hello: [hello], "--version": [binary, "--version"], list: [binary, "list"], "--help": [binary, "--help"] },
    env,
    40,
  );
  const idle = await measureIdleMemory(binary, env);
  const interpret = measureInterpret();
  const histories = await measureHistory(historySizes);
  const machine = {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    platform: process.platform,
    bun: Bun.version,
    mcqueen: version,
  };
  if (json) console.log(JSON.stringify({ machine, startups, idle_daemon: idle, interpret, histories }, null, 2));
  else {
    console.log(
      `${machine.cpu}, ${machine.cores} cores, ${machine.platform}, Bun ${machine.bun}, mcqueen ${version}\n`,
    );
    console.log("start-up, 40 interleaved runs      median ms   least ms   × hello");
    for (const { name, medianMs, leastMs, ratio } of startups) {
      console.log(
        `  ${name.padEnd(32)} ${medianMs.toFixed(1).padStart(8)} ${leastMs.toFixed(1).padStart(10)} ${ratio.toFixed(2).padStart(9)}`,
      );
    }
    console.log(`\nidle daemon                          ${(idle.rss_bytes / 1024 / 1024).toFixed(0)} MiB resident`);
    console.log(
      `interpret, a usual transcript, ms    ${interpret.usual_ms.toFixed(2)}\n  ${"the worst of 1,000 signs".padEnd(35)}${interpret.worst_ms.toFixed(2)}`,
    );
    const column = (texts: string[]): string => texts.map((text) => text.padStart(12)).join("");
    console.log(`\nhistory, a page of 50, ms            ${column(histories.map(({ rows }) => `${rows} rows`))}`);
    for (const name of Object.keys(histories[0]?.pages ?? {})) {
      console.log(
        `  ${name.padEnd(35)}${column(histories.map(({ pages }) => (pages[name] ?? Number.NaN).toFixed(2)))}`,
      );
    }
    console.log(`  ${"verify, all".padEnd(35)}${column(histories.map((each) => each.verify_ms.toFixed(0)))}`);
    console.log(`  ${"database, MiB".padEnd(35)}${column(histories.map(({ bytes }) => (bytes / 2 ** 20).toFixed(1)))}`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
