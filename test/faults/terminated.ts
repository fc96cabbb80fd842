import { existsSync, statSync } from "node:fs";
import { createHome } from "../support/home.ts";
import { createVerdict, type FaultRow } from "./row.ts";
import { damageOf, databaseOf, lostOf, serve } from "./served.ts";

const askWeather = { parameters: { location: "Oslo" } };

/** SIGTERM while writes come in, and while a request waits for a service that never answers. */
export const terminated: FaultRow = {
  id: "terminated",
  promise: "SIGTERM: what is in flight may take 5 s, then it is cut off; exit 0, everything is in the one file",
  async run(scale) {
    const rounds = scale === "long" ? 40 : 5;
    using home = createHome();
    const { expect, figure } = createVerdict();
    const database = databaseOf(home.path);
    const acknowledged = new Set<string>();
    const wal = (): number => (existsSync(`${database}-wal`) ? statSync(`${database}-wal`).size : 0);
    const stops: number[] = [];
    const stop = async (daemon: Awaited<ReturnType<typeof serve>>): Promise<void> => {
      const began = performance.now();
      const exit = await daemon.stop();
      stops.push(performance.now() - began);
      expect(exit === 0, `it ended with ${exit}`);
      expect(wal() === 0, `${wal()} bytes were left beside the database`);
    };
    for (let round = 0; round < rounds; round++) {
      const daemon = await serve(home.path);
      let stopping = false;
      const writing = (async () => {
        for (let n = 0; !stopping; n++) {
          const id = `u${round}-${n}`;
          if ((await daemon.send("POST", "/api/v1/users", { id })).status === 200) acknowledged.add(id);
        }
      })();
      await Bun.sleep(50 + Math.random() * 100);
      await stop(daemon);
      stopping = true;
      await writing;
    }
    const { lost, torn } = lostOf(database, acknowledged);
    expect(lost.length + torn.length + damageOf(database).length === 0, `${lost.length} lost, ${torn.length} torn`);

    const arrived = Promise.withResolvers<void>();
    await using silent = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      idleTimeout: 0,
      fetch: () => {
        arrived.resolve();
        return new Promise<Response>(() => undefined);
      },
    });
    const daemon = await serve(home.path, { env: { WEATHER_GEOCODING_BASE_URL: String(silent.url).slice(0, -1) } });
    const asked = daemon.send("POST", "/api/v1/mcp/tools/get_weather/execute", askWeather);
    await arrived.promise;
    await stop(daemon);
    const { status } = await asked;
    const hung = stops.at(-1) ?? Number.NaN;
    expect(hung < 9_000, `a request that hangs held it for ${hung.toFixed(0)} ms`);
    return figure(
      `${rounds} stops under writes (most ${Math.max(...stops.slice(0, -1)).toFixed(0)} ms), ${acknowledged.size} acknowledged writes all there; with a request that hangs: cut off after ${hung.toFixed(0)} ms (status ${status}); exit 0 and no journal left each time`,
    );
  },
};
