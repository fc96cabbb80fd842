import { closeSync, copyFileSync, openSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { binary } from "../support/binary.ts";
import { createHome } from "../support/home.ts";
import { createVerdict, type FaultRow } from "./row.ts";
import { damageOf, databaseOf, environmentOf, lostOf, serve } from "./served.ts";

const isRoot = process.getuid?.() === 0;
const sizeMiB = 8;
/** A file system of its own for what follows, seen by nobody else. */
const inside = (home: string): string[] => [
  "unshare",
  isRoot ? "-m" : "-rm",
  "sh",
  "-c",
  `mount -t tmpfs -o size=${sizeMiB}m,mode=700 mcqueen-full '${home}' && exec "$@"`,
  "sh",
];

/** The daemon's home is a small tmpfs in a mount namespace, which is filled to the last byte. */
export const fullDisk: FaultRow = {
  id: "full-disk",
  promise:
    "a full file system: 503 for writes, reads go on, and writes again as soon as there is room; a start on it says why not",
  missing: () =>
    Bun.which("unshare") && Bun.spawnSync([...inside("/tmp"), "true"]).exitCode === 0
      ? undefined
      : "no mount namespace is to be had",
  async run(scale) {
    const rounds = scale === "long" ? 20 : 2;
    using home = createHome();
    const { expect, figure } = createVerdict();
    const seen = (pid: number): string => `/proc/${pid}/root${home.path}`;
    const daemon = await serve(home.path, { under: inside(home.path), homeSeen: seen });
    const there = seen(daemon.pid);
    const acknowledged = new Set<string>();
    let refused = 0;
    let reads = 0;
    const write = async (id: string): Promise<number> => {
      const { status } = await daemon.send("POST", "/api/v1/users", { id });
      if (status === 200) acknowledged.add(id);
      return status;
    };
    for (let round = 0; round < rounds; round++) {
      expect((await write(`before-${round}`)) === 200, "a write before it failed");
      fill(join(there, "filler"));
      // What room there is in the files that exist already is used up first.
      for (let n = 0; n < 400 && refused < (round + 1) * 20; n++) {
        const status = await write(`during-${round}-${n}`);
        if (status === 503) refused++;
        else expect(status === 200, `a write was answered ${status}`);
        const read = await daemon.send("GET", "/api/v1/users");
        expect(read.status === 200, `a read was answered ${read.status}`);
        if (read.status === 200) reads++;
      }
      const health = await daemon.send("GET", "/api/v1/health");
      expect(health.status === 503 && health.json.checks.disk === "full", "health does not tell that the disk is full");
      rmSync(join(there, "filler"));
      expect((await write(`after-${round}`)) === 200, "a write after it failed");
    }
    // SQLite follows the way into the namespace back out, so it gets a copy; nobody writes by now.
    using copy = createHome();
    const database = join(copy.path, "mcqueen.db");
    for (const tail of ["", "-wal"]) copyFileSync(databaseOf(there) + tail, database + tail);
    const { lost, torn } = lostOf(database, acknowledged);
    expect(lost.length + torn.length + damageOf(database).length === 0, `${lost.length} lost, ${torn.length} torn`);
    await daemon.stop();
    const start = await startWhereNothingFits(home.path);
    expect(
      start.exit === 1 && /the disk is full|cannot be (made|written)/.test(start.said),
      `a start said: ${start.said}`,
    );
    return figure(
      `${rounds} times full; ${refused} writes answered 503, ${reads} reads 200, ${acknowledged.size} acknowledged and all there; a start there exits with ${start.exit}`,
    );
  },
};

/** Writes until nothing more fits, whatever the daemon writes meanwhile. */
function fill(path: string): void {
  const piece = Buffer.alloc(4096);
  const fd = openSync(path, "a", 0o600);
  try {
    for (;;) writeSync(fd, piece);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
  } finally {
    closeSync(fd);
  }
}

/** A first start on a file system without room for a database. */
async function startWhereNothingFits(home: string): Promise<{ exit: number | null; said: string }> {
  const [program = "", ...words] = inside(home).map((word) => word.replace(`size=${sizeMiB}m`, "size=64k"));
  const child = Bun.spawn([program, ...words, await binary(), "serve", "--port", "0"], {
    env: environmentOf(home),
    stdio: ["ignore", "ignore", "pipe"],
  });
  const said = await child.stderr.text();
  return { exit: await child.exited, said: said.trim() };
}
