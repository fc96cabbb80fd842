import { binary, run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";
import { createVerdict, type FaultRow, quantile } from "./row.ts";
import { damageOf, databaseOf, environmentOf, lostOf, serve } from "./served.ts";

const writers = 4;

/** The daemon is killed while four clients write; each write that was answered with yes has to be there afterwards. */
export const killNine: FaultRow = {
  id: "kill-nine",
  promise: "kill -9 at any moment: no acknowledged write lost or torn, ready again within a second",
  async run(scale) {
    const rounds = scale === "long" ? 200 : 12;
    using home = createHome();
    const database = databaseOf(home.path);
    const { expect, figure } = createVerdict();
    const acknowledged = new Set<string>();
    const ready: number[] = [];
    let lost = 0;
    let torn = 0;
    let cut = 0;
    for (let round = 0; round < rounds; round++) {
      const daemon = await serve(home.path);
      if (round > 0) ready.push(daemon.readyMs);
      let killed = false;
      const write = async (writer: number): Promise<void> => {
        for (let n = 0; !killed; n++) {
          const id = `u${round}-${writer}-${n}`;
          const { status } = await daemon.send("POST", "/api/v1/users", { id });
          if (status === 200) acknowledged.add(id);
          else if (status === 0) cut++;
          else expect(false, `a write was answered ${status}`);
        }
      };
      const writing = Array.from({ length: writers }, (_, writer) => write(writer));
      await Bun.sleep(Math.random() * 250);
      killed = true;
      await daemon.kill();
      await Promise.all(writing);
      if (round % 4 === 3) await killWhileStarting(home.path);
      const found = lostOf(database, acknowledged);
      lost += found.lost.length;
      torn += found.torn.length + damageOf(database).length;
    }
    const last = await serve(home.path);
    ready.push(last.readyMs);
    await last.stop();
    const chain = await run(["history", "verify"], { home: home.path });
    expect(lost === 0, `${lost} acknowledged writes lost`);
    expect(torn === 0, `${torn} torn`);
    expect(chain.exit === 0, `the history does not hold: ${chain.out}${chain.err}`);
    expect(acknowledged.size > rounds, "hardly anything was written");
    const slowest = Math.max(...ready);
    expect(quantile(ready, 0.5) < 1_000 && slowest < 5_000, `ready only after ${slowest.toFixed(0)} ms`);
    return figure(
      `${rounds} kills, ${acknowledged.size} writes acknowledged, ${cut} cut off, ${lost} lost, ${torn} torn; ready again after ${quantile(ready, 0.5).toFixed(0)} ms (median), ${slowest.toFixed(0)} ms (most)`,
    );
  },
};

async function killWhileStarting(home: string): Promise<void> {
  const child = Bun.spawn([await binary(), "serve", "--port", "0"], {
    env: environmentOf(home),
    stdio: ["ignore", "ignore", "ignore"],
  });
  await Bun.sleep(Math.random() * 80);
  child.kill("SIGKILL");
  await child.exited;
}
