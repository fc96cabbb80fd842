import { readdirSync, readFileSync } from "node:fs";
import { run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";
import { createVerdict, type FaultRow, type Figure, quantile } from "./row.ts";
import { damageOf, databaseOf, lostOf, type Served, serve } from "./served.ts";

const clients = 6;
/** What the heap may grow by in one life of the daemon, caches and all. */
const mostGrowthMiB = 120;

interface Sample {
  rssMiB: number;
  handles: number;
}

/** Mixed load, good and bad, for a long time; the daemon is stopped, killed and started again in between. */
export const soak: FaultRow = {
  id: "soak",
  promise:
    "under mixed load with restarts nothing is lost, nothing unexpected is answered, and memory and handles stay",
  missing: () => (process.platform === "linux" ? undefined : "memory and handles are counted by /proc"),
  run: (scale) => soakFor(scale === "long" ? 30 : 1 / 4),
};

async function soakFor(minutes: number): Promise<Figure> {
  using home = createHome();
  const { expect, figure } = createVerdict();
  await using weather = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => Response.json({ results: [] }) });
  const env = { WEATHER_GEOCODING_BASE_URL: String(weather.url).slice(0, -1) };
  const endsAt = performance.now() + minutes * 60_000;
  const lifeMs = minutes > 1 ? 180_000 : 4_000;
  const acknowledged = new Set<string>();
  const statuses = new Map<string, number>();
  const ready: number[] = [];
  const lives: { first: Sample; last: Sample; most: Sample }[] = [];
  for (let life = 0; performance.now() < endsAt; life++) {
    const daemon = await serve(home.path, { env });
    if (life > 0) ready.push(daemon.readyMs);
    let over = false;
    const work = Array.from({ length: clients }, async (_, client) => {
      for (let n = 0; !over; n++) {
        const [name, wanted, answer] = await act(daemon, n, `s${life}-${client}-${n}`, acknowledged);
        if (over && answer === 0) return;
        statuses.set(`${name} ${answer}`, (statuses.get(`${name} ${answer}`) ?? 0) + 1);
        expect(answer === wanted, `${name} was answered ${answer}`);
      }
    });
    const samples: Sample[] = [];
    const lifeEnds = Math.min(performance.now() + lifeMs, endsAt);
    // Loaded and warm: what comes after that is growth.
    await Bun.sleep(lifeMs / 4);
    while (performance.now() < lifeEnds) {
      samples.push(sampleOf(daemon.pid));
      await Bun.sleep(Math.min(1_000, lifeMs / 10));
    }
    over = true;
    const [first, last] = [samples[0], samples.at(-1)];
    if (first && last) {
      const most = (of: (sample: Sample) => number): number => Math.max(...samples.map(of));
      lives.push({ first, last, most: { rssMiB: most((s) => s.rssMiB), handles: most((s) => s.handles) } });
    }
    if (life % 2 === 0) expect((await daemon.stop()) === 0, "a stop did not end with 0");
    else await daemon.kill();
    await Promise.all(work);
  }
  const database = databaseOf(home.path);
  const { lost, torn } = lostOf(database, acknowledged);
  expect(lost.length + torn.length + damageOf(database).length === 0, `${lost.length} lost, ${torn.length} torn`);
  expect((await run(["history", "verify"], { home: home.path })).exit === 0, "the history does not hold");
  for (const { first, last, most } of lives) {
    expect(last.rssMiB - first.rssMiB < mostGrowthMiB, `memory grew from ${first.rssMiB} to ${last.rssMiB} MiB`);
    expect(most.handles < 100, `${most.handles} handles were open`);
  }
  const requests = [...statuses.values()].reduce((sum, count) => sum + count, 0);
  const memory = lives.map(({ first, last }) => `${first.rssMiB}→${last.rssMiB}`).join(" ");
  return figure(
    `${(minutes * 60).toFixed(0)} s, ${requests} requests, ${acknowledged.size} writes acknowledged, ${lost.length} lost; ${lives.length} lives, ready after ${quantile(ready, 0.5).toFixed(0)} ms; MiB in each ${memory}; handles at most ${Math.max(...lives.map(({ most }) => most.handles))}; ${[...statuses].map(([name, count]) => `${name}: ${count}`).join(", ")}`,
  );
}

/** One request of the mix: its name, the status that it should get, and the one that it got. */
async function act(
  daemon: Served,
  n: number,
  id: string,
  acknowledged: Set<string>,
): Promise<[name: string, wanted: number, status: number]> {
  const status = async (...words: Parameters<Served["send"]>): Promise<number> => (await daemon.send(...words)).status;
  const weather = "/api/v1/mcp/tools/get_weather/execute";
  switch (n % 10) {
    case 0: {
      const written = await status("POST", "/api/v1/users", { id });
      if (written === 200) acknowledged.add(id);
      return ["write", 200, written];
    }
    case 1:
      return ["execute", 404, await status("POST", weather, { parameters: { location: id } })];
    case 2:
      return ["history", 200, await status("GET", "/api/v1/mcp/history?limit=20")];
    case 3:
      return ["bad token", 401, await status("GET", "/api/v1/profile", undefined, `mcq_t_${id}`)];
    case 4:
      return ["bad JSON", 400, await status("POST", weather, "{[")];
    case 5:
      return ["bad parameters", 400, await status("POST", weather, { parameters: { location: 7, no: 1 } })];
    case 6:
      return ["health", 200, await status("GET", "/api/v1/health")];
    case 7:
      return [
        "profile",
        200,
        await status("PATCH", "/api/v1/profile", { units: n % 20 === 7 ? "metric" : "imperial" }),
      ];
    case 8:
      return ["nowhere", 404, await status("GET", `/api/v1/${id}`)];
    default:
      return ["tools", 200, await status("GET", "/api/v1/mcp/tools")];
  }
}

function sampleOf(pid: number): Sample {
  const kilobytes = Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? Number.NaN);
  return { rssMiB: Math.round(kilobytes / 1024), handles: readdirSync(`/proc/${pid}/fd`).length };
}
