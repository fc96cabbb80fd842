import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { binary, run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";
import { createVerdict, type FaultRow } from "./row.ts";
import { damageOf, databaseOf, environmentOf, lostOf, serve } from "./served.ts";

/** Backups are made, and killed, while clients write; each has to hold what was acknowledged before it began. */
export const backups: FaultRow = {
  id: "backups",
  promise:
    "a backup under writes is of one moment, whole and 0600; killed it leaves no half one; a restore brings it back",
  async run(scale) {
    const rounds = scale === "long" ? 60 : 6;
    using home = createHome();
    using target = createHome();
    const { expect, figure } = createVerdict();
    const daemon = await serve(home.path);
    const acknowledged: string[] = [];
    let stopping = false;
    const write = async (writer: number): Promise<void> => {
      for (let n = 0; !stopping; n++) {
        const id = `u${writer}-${n}`;
        const { status } = await daemon.send("POST", "/api/v1/users", { id });
        if (status === 200) acknowledged.push(id);
        else expect(false, `a write during a backup was answered ${status}`);
      }
    };
    const writing = [0, 1, 2].map(write);
    let made = 0;
    let killed = 0;
    let last: { path: string; before: string[] } | undefined;
    for (let round = 0; round < rounds; round++) {
      const path = join(target.path, `${round}.db`);
      const before = [...acknowledged];
      const ran = await run(["backup", path], { home: home.path });
      expect(ran.exit === 0, `a backup said ${ran.err}`);
      if (ran.exit === 0) {
        made++;
        const { lost, torn } = lostOf(path, before);
        expect(lost.length + torn.length === 0, `a backup lacks ${lost.length} writes and ${torn.length} lines`);
        expect(damageOf(path).length === 0, "a backup is damaged");
        expect((statSync(path).mode & 0o777) === 0o600, "others may read a backup");
        last = { path, before };
      }
      const doomed = join(target.path, `doomed-${round}.db`);
      const child = Bun.spawn([await binary(), "backup", doomed], {
        env: environmentOf(home.path),
        stdio: ["ignore", "ignore", "ignore"],
      });
      await Bun.sleep(Math.random() * 60);
      child.kill("SIGKILL");
      await child.exited;
      const there = readdirSync(target.path).includes(`doomed-${round}.db`);
      if (there) expect(damageOf(doomed).length === 0, "a backup that was killed is there, and damaged");
      else killed++;
    }
    stopping = true;
    await Promise.all(writing);
    const refused = await run(["restore", last?.path ?? "", "--yes"], { home: home.path });
    expect(refused.exit === 6, `a restore beside the daemon ended with ${refused.exit}`);
    await daemon.stop();
    const restored = await run(["restore", last?.path ?? "", "--yes"], { home: home.path });
    expect(restored.exit === 0, `the restore said ${restored.err}`);
    const { lost } = lostOf(databaseOf(home.path), last?.before ?? []);
    expect(lost.length === 0, `${lost.length} writes are not in what was restored`);
    expect((await run(["history", "verify"], { home: home.path })).exit === 0, "the restored history does not hold");
    const whole = await killRestores(home.path, last?.path ?? "", rounds);
    expect(whole === rounds, `${rounds - whole} restores that were killed left no whole database`);
    return figure(
      `${made} backups beside ${acknowledged.length} writes, each whole; ${killed} killed ones left nothing under their name; the last one restored with ${last?.before.length} acknowledged writes; ${whole} restores killed, a whole database after each`,
    );
  },
};

/** Gives after how many of the killed restores the database was one of the two, and whole. */
async function killRestores(home: string, backup: string, rounds: number): Promise<number> {
  let whole = 0;
  for (let round = 0; round < rounds; round++) {
    await run(["users", "add", `between-${round}`], { home });
    const child = Bun.spawn([await binary(), "restore", backup, "--yes"], {
      env: environmentOf(home),
      stdio: ["ignore", "ignore", "ignore"],
    });
    await Bun.sleep(20 + Math.random() * 120);
    child.kill("SIGKILL");
    await child.exited;
    const listed = await run(["users", "list", "--json"], { home });
    const isSound = listed.exit === 0 && damageOf(databaseOf(home)).length === 0;
    // Without the first user it would be a third one, made anew in the place of what was lost.
    if (isSound && listed.out.includes('"u0-0"')) whole++;
  }
  return whole;
}
