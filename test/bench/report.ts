import type { HistoryBench } from "./history.ts";
import type { Compared } from "./http.ts";
import type { InterpretBench } from "./interpret.ts";
import type { MemoryBench } from "./memory.ts";
import type { StartupBench } from "./startup.ts";

const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0);

/** A title, then rows whose first column is ragged and whose others stand to the right. */
function table(title: string, heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [[title, ...heads], ...rows.map(([name = "", ...cells]) => [`  ${name}`, ...cells])];
  const widths = heads.map((_, at) => Math.max(...all.map((row) => row[at + 1]?.length ?? 0)));
  const first = Math.max(...all.map(([name = ""]) => name.length));
  return `\n${all
    .map(
      ([name = "", ...cells]) =>
        name.padEnd(first) + cells.map((cell, at) => `  ${cell.padStart(widths[at] ?? 0)}`).join(""),
    )
    .join("\n")}`;
}

export function startupTable({ startups, run_adds_ms }: StartupBench): string {
  const rows = startups.map(({ name, medianMs, leastMs, cpuMs, ratio, cpuRatio }) => [
    name,
    ...[medianMs, leastMs, cpuMs].map((ms) => ms.toFixed(1)),
    ...[ratio, cpuRatio].map((times) => times.toFixed(2)),
  ]);
  const heads = ["median ms", "least ms", "CPU ms", "× hello", "CPU × hello"];
  return `${table("start-up", heads, rows)}\n  run adds ${run_adds_ms.toFixed(1)} ms to its upstream`;
}

const titles: Record<string, string> = {
  list: "GET /api/v1/mcp/tools",
  execute: "POST …/get_weather/execute",
  mcp: "MCP tools/call get_weather",
};

export function httpTable(compared: readonly Compared[]): string {
  const heads = ["requests/s", "p50 ms", "p99 ms", "CPU µs", "bytes", "mcqueen ×", "CPU ×", "generator"];
  return [...Map.groupBy(compared, ({ job }) => job)]
    .map(([job, of]) => {
      const own = of[0]?.load.cpuUs ?? Number.NaN;
      const rows = of.map(({ server, load, ratio }) => [
        server,
        load.perSecond.toFixed(0),
        load.p50Ms.toFixed(2),
        load.p99Ms.toFixed(2),
        load.cpuUs.toFixed(0),
        String(load.bytes),
        ratio.toFixed(2),
        (load.cpuUs / own).toFixed(2),
        `${(load.generatorBusy * 100).toFixed(0)} %`,
      ]);
      return table(titles[job] ?? job, heads, rows);
    })
    .join("\n");
}

export function memoryTable({ idle, under_load, after }: MemoryBench): string {
  const rows = [
    ["idle", "", mebibytes(idle)],
    ...under_load.map(({ requests, bytes }) => ["under load", String(requests), mebibytes(bytes)]),
    ["after it", "", mebibytes(after)],
  ];
  return table("memory of the daemon", ["requests", "MiB"], rows);
}

export function historyTable(histories: readonly HistoryBench[]): string {
  const rowsOf = (pick: (of: HistoryBench) => Record<string, number>): string[][] =>
    Object.keys(histories[0] ? pick(histories[0]) : {}).map((name) => [
      name,
      ...histories.map((each) => (pick(each)[name] ?? Number.NaN).toFixed(2)),
    ]);
  const heads = histories.map(({ rows }) => `${rows} calls`);
  return [
    table(
      "history, a page of 50, ms",
      heads,
      rowsOf(({ pages }) => pages),
    ),
    table(
      "stats, ms",
      heads,
      rowsOf(({ stats }) => stats),
    ),
    table("database", heads, [
      ["MiB", ...histories.map(({ bytes }) => (bytes / 2 ** 20).toFixed(1))],
      ["verify all, ms", ...histories.map((each) => each.verify_ms.toFixed(0))],
    ]),
  ].join("\n");
}

export function interpretTable({ usual_ms, worst_ms }: InterpretBench): string {
  const rows = [
    ["a usual transcript", usual_ms.toFixed(2)],
    ["the worst of 1,000 signs", worst_ms.toFixed(2)],
  ];
  return table("interpret", ["median ms"], rows);
}
