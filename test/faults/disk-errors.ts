import { run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";
import { createVerdict, type FaultRow, type Figure, type Scale } from "./row.ts";
import { damageOf, databaseOf, look, lostOf, type Served, serve } from "./served.ts";

/** What the kernel answers instead of doing it. SQLite writes by pwrite64 and makes durable by fsync. */
const injections: readonly [name: string, calls: string, error: string][] = [
  ["full", "pwrite64", "ENOSPC"],
  ["unwritable", "pwrite64", "EIO"],
  ["not to be flushed", "fsync,fdatasync", "EIO"],
  ["full now and then", "pwrite64", "ENOSPC:when=3+5"],
];

/** strace takes a running daemon and lets its system calls on the database fail. */
export const diskErrors: FaultRow = {
  id: "disk-errors",
  promise:
    "a disk that is full or fails (ENOSPC, EIO, fsync): 503 for writes, reads go on, no crash, nothing acknowledged is lost",
  missing: () => (Bun.which("strace") ? undefined : "strace is not installed"),
  async run(scale: Scale): Promise<Figure> {
    const tries = scale === "long" ? 200 : 12;
    using home = createHome();
    const { expect, figure } = createVerdict();
    let daemon = await serve(home.path);
    const acknowledged = new Set<string>();
    const refused = new Set<string>();
    let reads = 0;
    const write = async (id: string): Promise<number> => {
      const { status } = await daemon.send("POST", "/api/v1/users", { id });
      if (status === 200) acknowledged.add(id);
      else refused.add(id);
      return status;
    };
    for (const [at, [name, calls, error]] of injections.entries()) {
      expect((await write(`before-${at}`)) === 200, `${name}: a write before it failed`);
      const tracer = await attach(daemon, home.path, calls, error);
      for (let n = 0; n < tries; n++) {
        const status = await write(`during-${at}-${n}`);
        const mayPass = error.includes("when");
        expect(status === 503 || (mayPass && status === 200), `${name}: a write was answered ${status}`);
        const read = await daemon.send("GET", "/api/v1/users");
        expect(read.status === 200, `${name}: a read was answered ${read.status}`);
        if (read.status === 200) reads++;
      }
      await tracer.detach();
      expect((await write(`after-${at}`)) === 200, `${name}: a write after it failed`);
    }
    // A change that was made while its line in the history was refused gets the line as soon as there is room.
    const database = databaseOf(home.path);
    const isThere = (id: string): boolean =>
      look(database, (sqlite) => sqlite.query("SELECT 1 FROM users WHERE id = ?").get(id) !== null);
    const unrecorded = (): number => lostOf(database, [...refused].filter(isThere)).torn.length;
    for (let n = 0; n < 100 && unrecorded() > 0; n++) await Bun.sleep(100);
    expect(unrecorded() === 0, `${unrecorded()} changes have no line in the history`);
    // As if the power went: what was acknowledged is there, what was refused may not be half there.
    await daemon.kill();
    daemon = await serve(home.path);
    const { lost, torn } = lostOf(database, acknowledged);
    const there = [...refused].filter(isThere);
    await daemon.stop();
    expect(lost.length + torn.length === 0, `${lost.length} acknowledged writes lost, ${torn.length} torn`);
    expect(damageOf(database).length === 0, "the database is damaged");
    expect((await run(["history", "verify"], { home: home.path })).exit === 0, "the history does not hold");
    return figure(
      `${injections.length} kinds of error; ${refused.size} writes answered 503, ${reads} reads 200, ${acknowledged.size} acknowledged and all there; ${there.length} refused ones are there all the same, with their line in the history`,
    );
  },
};

interface Tracer {
  detach(): Promise<void>;
}

async function attach({ pid }: Served, home: string, calls: string, error: string): Promise<Tracer> {
  const database = databaseOf(home);
  const paths = ["", "-wal", "-shm"].flatMap((tail) => ["-P", database + tail]);
  const child = Bun.spawn(
    [
      "strace",
      "-f",
      ...paths,
      "-e",
      `trace=${calls}`,
      "-e",
      `inject=${calls}:error=${error}`,
      "-o",
      "/dev/null",
      "-p",
      String(pid),
    ],
    { stdio: ["ignore", "ignore", "pipe"] },
  );
  const reader = child.stderr.getReader();
  let said = "";
  while (!said.includes("attached")) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`strace cannot attach: ${said}`);
    said += new TextDecoder().decode(value);
  }
  return {
    async detach() {
      child.kill("SIGINT");
      await child.exited;
    },
  };
}
