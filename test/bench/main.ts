import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { version } from "../../src/version.ts";
import { measureIdleMemory } from "./memory.ts";
import { compile, measureStartups } from "./startup.ts";

/** `bun run bench [--json]`: ratios measured in one run, with the machine and the versions. */
const json = process.argv.includes("--json");
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
  const machine = {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    platform: process.platform,
    bun: Bun.version,
    mcqueen: version,
  };
  if (json) console.log(JSON.stringify({ machine, startups, idle_daemon: idle }, null, 2));
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
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
