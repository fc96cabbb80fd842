import { readFileSync } from "node:fs";
import { join } from "node:path";
import { agentCall, execution, listing } from "./http.ts";
import { load } from "./load.ts";
import { serveMcqueen } from "./servers.ts";

export interface MemoryBench {
  /** Resident bytes of a daemon that has just started and serves nobody. */
  idle: number;
  /** Resident bytes after so many requests, and after a quiet moment at the end. */
  under_load: { requests: number; bytes: number }[];
  after: number;
}

const slices = 10;
const quietMs = 5_000;

/** Memory at rest and over so many requests: listings, executions and calls of agents in turns (Linux only; 0 elsewhere). */
export async function measureMemory(binary: string, folder: string, requests: number): Promise<MemoryBench> {
  const measureMs = requests < 200_000 ? 250 : 1_000;
  const mcqueen = await serveMcqueen(binary, join(folder, "memory"));
  try {
    await Bun.sleep(1_000);
    const { pid, port, session, token } = mcqueen;
    const idle = residentBytes(pid);
    const jobs = [listing(mcqueen, session), execution(mcqueen, session), agentCall(mcqueen, token)];
    const measured: MemoryBench["under_load"] = [];
    let sent = 0;
    for (let slice = 1; slice <= slices; slice++) {
      for (let at = 0; sent < (requests * slice) / slices; at = (at + 1) % jobs.length) {
        const request = jobs[at] ?? "";
        sent += (await load({ port, pid, request, connections: 32, warmMs: 0, measureMs })).requests;
      }
      measured.push({ requests: sent, bytes: residentBytes(pid) });
    }
    await Bun.sleep(quietMs);
    return { idle, under_load: measured, after: residentBytes(pid) };
  } finally {
    await mcqueen.stop();
  }
}

function residentBytes(pid: number): number {
  if (process.platform !== "linux") return 0;
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
}
