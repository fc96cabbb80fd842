import { readFileSync } from "node:fs";

/** What the generator is asked for, as JSON in its first argument. */
export interface LoadOrder {
  port: number;
  /** One whole HTTP/1.1 request, sent again and again on each connection. */
  request: string;
  connections: number;
  warmMs: number;
  measureMs: number;
  /** The process of the server, whose CPU time is read. */
  pid: number;
}

export interface Load {
  requests: number;
  perSecond: number;
  p50Ms: number;
  p99Ms: number;
  /** Microseconds of the server's CPU time, user and system, for each request; 0 where that cannot be read. */
  cpuUs: number;
  /** Bytes of one body. */
  bytes: number;
  /** The share of the time in which the generator itself was busy: near 1 it is what was measured. */
  generatorBusy: number;
}

/** Runs the generator in a process of its own, so that it shares no thread with what it measures. */
export async function load(order: LoadOrder): Promise<Load> {
  const child = Bun.spawn([process.execPath, import.meta.path, JSON.stringify(order)], {
    stdout: "pipe",
    stderr: "inherit",
  });
  const text = await child.stdout.text();
  if ((await child.exited) !== 0) throw new Error(`The load generator ended with ${child.exitCode}`);
  return JSON.parse(text) as Load;
}

/** Reads one answer after another from a connection; bodies are counted, not kept. */
function createReader(onAnswer: (bytes: number) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let left = 0;
  let size = 0;
  let isChunked = false;
  const begin = (): boolean => {
    const end = rest.indexOf("\r\n\r\n");
    if (end < 0) return false;
    const head = rest.toString("latin1", 0, end).toLowerCase();
    if (!head.startsWith("http/1.1 200")) throw new Error(`It answered: ${rest.toString("latin1", 0, 600)}`);
    const length = /\r\ncontent-length: *(\d+)/.exec(head)?.[1];
    isChunked = length === undefined;
    left = Number(length ?? 0);
    size = left;
    rest = rest.subarray(end + 4);
    return true;
  };
  return (chunk) => {
    if (left > 0 && !isChunked) {
      left -= chunk.length;
      if (left === 0) onAnswer(size);
      return;
    }
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    if (size === 0 && !begin()) return;
    if (!isChunked) {
      left -= rest.length;
    } else if (rest.length < 5 || rest.toString("latin1", rest.length - 5) !== "0\r\n\r\n") {
      size = Math.max(size, 1);
      return;
    } else size = rest.length;
    rest = rest.subarray(0, 0);
    if (left === 0) onAnswer(size);
  };
}

/** User and system time of a process in microseconds (Linux). */
function cpuOf(pid: number): number {
  if (process.platform !== "linux") return 0;
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}

async function generate(order: LoadOrder): Promise<Load> {
  const request = Buffer.from(order.request);
  const times: number[] = [];
  let isMeasuring = false;
  let bytes = 0;
  const { promise: failed, reject } = Promise.withResolvers<never>();
  interface State {
    sentAt: number;
    read(chunk: Buffer): void;
  }
  for (let at = 0; at < order.connections; at++) {
    await Bun.connect<State>({
      hostname: "127.0.0.1",
      port: order.port,
      data: { sentAt: 0, read: () => undefined },
      socket: {
        open(socket) {
          const send = (): void => {
            socket.data.sentAt = performance.now();
            socket.write(request);
          };
          const fresh = (): ((chunk: Buffer) => void) =>
            createReader((size) => {
              if (isMeasuring) times.push(performance.now() - socket.data.sentAt);
              bytes = size;
              socket.data.read = fresh();
              send();
            });
          socket.data.read = fresh();
          send();
        },
        data(socket, chunk) {
          try {
            socket.data.read(chunk);
          } catch (error) {
            reject(error);
          }
        },
        close: () => reject(new Error("The server closed a connection")),
        error: (_, error) => reject(error),
      },
    });
  }
  await Promise.race([Bun.sleep(order.warmMs), failed]);
  const [began, cpu, own] = [performance.now(), cpuOf(order.pid), process.cpuUsage()];
  isMeasuring = true;
  await Promise.race([Bun.sleep(order.measureMs), failed]);
  isMeasuring = false;
  const wallMs = performance.now() - began;
  const used = cpuOf(order.pid) - cpu;
  const mine = process.cpuUsage(own);
  const sorted = Float64Array.from(times).sort();
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
  return {
    requests: times.length,
    perSecond: (times.length / wallMs) * 1000,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    cpuUs: used / times.length,
    bytes,
    generatorBusy: (mine.user + mine.system) / 1000 / wallMs,
  };
}

if (import.meta.main) {
  console.log(JSON.stringify(await generate(JSON.parse(process.argv[2] ?? "{}") as LoadOrder)));
  process.exit(0);
}
