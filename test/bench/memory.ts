import { readFileSync } from "node:fs";

/** Resident memory of a daemon that has just started and serves nobody, in bytes (Linux only; 0 elsewhere). */
export async function measureIdleMemory(binary: string, env: Record<string, string>): Promise<{ rss_bytes: number }> {
  const run = async (...words: string[]): Promise<string> => {
    const child = Bun.spawn([binary, ...words], { env: { ...env, PORT: "0" }, stdout: "pipe", stderr: "pipe" });
    const text = await child.stdout.text();
    if ((await child.exited) !== 0) throw new Error(`${words.join(" ")}: ${text}${await child.stderr.text()}`);
    return text;
  };
  const { data } = JSON.parse(await run("daemon", "start", "--json")) as { data: { pid: number } };
  try {
    await Bun.sleep(1_000);
    if (process.platform !== "linux") return { rss_bytes: 0 };
    const status = readFileSync(`/proc/${data.pid}/status`, "utf8");
    return { rss_bytes: Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024 };
  } finally {
    await run("daemon", "stop");
  }
}
