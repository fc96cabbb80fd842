import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "../support/binary.ts";

/**
 * `bun test/faults/slow-loris.ts [connections] [seconds]`: holds many connections that drip their headers (slowhttptest,
 * from Debian) at a daemon of its own on 127.0.0.1, and measures how `/health` answers meanwhile.
 */
const [connections = "2000", seconds = "20"] = process.argv.slice(2);
const home = mkdtempSync(join(tmpdir(), "mcqueen-loris-"));
const slowhttptest = Bun.which("slowhttptest");
if (!slowhttptest) {
  process.stderr.write("slowhttptest is not installed: apt-get install slowhttptest\n");
  process.exit(2);
}
try {
  const { json } = await run(["daemon", "start", "--port", "0", "--json"], { home });
  const { url, pid } = json.data as { url: string; pid: number };
  const attack = Bun.spawn(
    [
      "sh",
      "-c",
      `ulimit -n 65536; exec "${slowhttptest}" -H -c ${connections} -r 500 -i 5 -l ${seconds} -x 24 -p 3 -u ${url}/api/v1/health`,
    ],
    { stdout: "ignore", stderr: "ignore" },
  );
  const times: number[] = [];
  let failed = 0;
  let held = 0;
  while (attack.exitCode === null) {
    if (process.platform === "linux") held = Math.max(held, readdirSync(`/proc/${pid}/fd`).length);
    const started = performance.now();
    try {
      const response = await fetch(`${url}/api/v1/health`, { keepalive: false, signal: AbortSignal.timeout(5_000) });
      if (response.ok) times.push(performance.now() - started);
      else failed++;
    } catch (error) {
      failed++;
      process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
    }
    await Bun.sleep(10);
  }
  times.sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.floor(times.length * share)] ?? Number.NaN).toFixed(1);
  process.stdout.write(
    `${connections} slow connections for ${seconds} s (${held} descriptors open at once): ${times.length} health checks answered, ${failed} failed; ms p50 ${at(0.5)}, p99 ${at(0.99)}, most ${times.at(-1)?.toFixed(1)}\n`,
  );
  if (failed > 0 || Number(at(0.99)) > 50) process.exitCode = 1;
} finally {
  await run(["daemon", "stop"], { home });
  rmSync(home, { recursive: true, force: true });
}
