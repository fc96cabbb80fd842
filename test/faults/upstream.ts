import { codes, type ErrorCode } from "../../src/core/errors.ts";
import { createHome } from "../support/home.ts";
import { createVerdict, type FaultRow, quantile } from "./row.ts";
import { databaseOf, look, serve } from "./served.ts";

type Mischief = (request: Request) => Response | Promise<Response>;

/** Everything that a service can do instead of answering. */
const mischiefs: Readonly<Record<string, Mischief>> = {
  "429": () => new Response("{}", { status: 429, headers: { "retry-after": "30" } }),
  "500": () => new Response("{}", { status: 500 }),
  "503": () => new Response("busy", { status: 503 }),
  garbage: () => new Response("<html>not you</html>", { headers: { "content-type": "text/html" } }),
  truncated: () => new Response('{"results":[{"name":"Os', { headers: { "content-type": "application/json" } }),
  empty: () => new Response(""),
  null: () => new Response("null"),
  "wrong shape": () => Response.json({ results: "many", current: [] }),
  redirect: () => Response.redirect("http://127.0.0.1:1/", 302),
  reset: () => new Response(new ReadableStream({ start: (controller) => controller.error(undefined) })),
  slow: async () => {
    await Bun.sleep(300);
    return new Response("{}", { status: 503 });
  },
  dripping: () =>
    new Response(
      new ReadableStream({
        async start(controller) {
          try {
            for (let n = 0; n < 5_000; n++) {
              controller.enqueue(new TextEncoder().encode(" "));
              await Bun.sleep(100);
            }
          } catch {
            // The reader has gone, which ends a stream that never ends by itself.
          }
        },
      }),
    ),
  silence: () => new Promise(() => undefined),
};
const names = Object.keys(mischiefs);
const slowNames = new Set(["silence", "dripping"]);
const mostMs = 40_000;

const weather = ["WEATHER_BASE_URL", "WEATHER_GEOCODING_BASE_URL", "METNO_BASE_URL", "NOMINATIM_BASE_URL"];

/** The services behind get_weather misbehave at random, and the daemon is asked all the while. */
export const upstream: FaultRow = {
  id: "upstream",
  promise:
    "a service that answers 429, 5xx, garbage, half an answer or nothing: a typed outcome, bounded tries, never a hang; its circuit opens and half-opens",
  async run(scale) {
    const [each, mixed] = scale === "long" ? [8, 60] : [3, 40];
    const usable = scale === "long" ? names : names.filter((name) => !slowNames.has(name));
    using home = createHome();
    const { expect, figure } = createVerdict();
    let mode: string | undefined;
    let asked = 0;
    await using service = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      idleTimeout: 0,
      fetch(request) {
        asked++;
        const name = mode ?? usable[Math.floor(Math.random() * usable.length)] ?? "500";
        return mischiefs[name]?.(request) ?? new Response(null, { status: 500 });
      },
    });
    const base = String(service.url).slice(0, -1);
    const daemon = await serve(home.path, { env: Object.fromEntries(weather.map((name) => [name, base])) });
    const ask = (location: string) =>
      daemon.send("POST", "/api/v1/mcp/tools/get_weather/execute", { parameters: { location } });
    const outcomes = new Map<string, number>();
    const waits: number[] = [];
    const note = ({ status, json, ms }: Awaited<ReturnType<typeof ask>>): void => {
      waits.push(ms);
      const code = String(json?.error_code ?? (json?.success ? "ok" : "none"));
      outcomes.set(code, (outcomes.get(code) ?? 0) + 1);
      const known = Object.hasOwn(codes, code) ? codes[code as ErrorCode] : undefined;
      expect(code !== "internal" && code !== "none", `an outcome without a type of ours: ${status} ${code}`);
      expect(known === undefined || known.http === status, `${code} came with ${status}`);
      expect(ms < mostMs, `an answer took ${ms.toFixed(0)} ms`);
    };
    for (const name of usable) {
      forgetHealth(home.path);
      mode = name;
      const batch = Array.from({ length: each }, (_, n) => ask(`${name} ${n}`));
      for (const answer of await Promise.all(batch)) note(answer);
    }
    for (let at = 0; at < mixed; at += 4) {
      forgetHealth(home.path);
      mode = undefined;
      const batch = Array.from({ length: 4 }, (_, n) => ask(`Place ${at + n}`));
      for (const answer of await Promise.all(batch)) note(answer);
    }
    // One that never answers ends with the deadline; with the circuit open nobody is asked any more.
    forgetHealth(home.path);
    mode = "500";
    for (let n = 0; n < 8; n++) note(await ask(`Down ${n}`));
    const before = asked;
    const open = await ask("Left alone");
    note(open);
    expect(asked === before, `${asked - before} requests went to a service that is to be left alone`);
    expect(open.json?.error_code === "upstream_unavailable", `an open circuit was told as ${open.json?.error_code}`);
    const waitS = Number(open.json?.metadata?.retry_after ?? 30);
    let halfOpen = "half-opening is proved by circuit.test.ts";
    if (scale === "long") {
      await Bun.sleep((waitS + 1) * 1_000);
      const seen = asked;
      const answers = await Promise.all(Array.from({ length: 10 }, (_, n) => ask(`Again ${n}`)));
      for (const answer of answers) note(answer);
      expect(asked > seen && asked - seen <= 6, `${asked - seen} requests went out when it half-opened`);
      halfOpen = `after ${waitS} s ten calls let ${asked - seen} requests out`;
    }
    const { status } = await daemon.send("GET", "/api/v1/health");
    expect(status === 200, `health was answered ${status}`);
    await daemon.stop();
    const told = [...outcomes].map(([code, count]) => `${code} ${count}`).join(", ");
    return figure(
      `${waits.length} calls: ${told}; ms p50 ${quantile(waits, 0.5).toFixed(0)}, most ${Math.max(...waits).toFixed(0)}; circuit open: 0 requests; ${halfOpen}`,
    );
  },
};

/** So that the next ones reach the service, too: left alone it could do no mischief. */
const forgetHealth = (home: string): void =>
  look(databaseOf(home), (sqlite) => void sqlite.run("DELETE FROM provider_health"));
