import { afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { createPaint } from "../../cli/paint.ts";
import { search } from "../../cli/views/search.ts";
import { wrap } from "../../cli/wrap.ts";
import { binary, run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";

setDefaultTimeout(30_000);
let home: ReturnType<typeof createHome>;
beforeAll(async () => void (await binary()));
beforeEach(() => {
  home = createHome();
});
afterEach(() => home[Symbol.dispose]());

const at = (words: string[], env: Record<string, string> = {}) => run(words, { home: home.path, env });
const pizza = ["--sandbox", "run", "web_search", "--query", "best pizza in Naples"];
const paint = createPaint(false);

describe("results at a terminal", () => {
  test("are numbered, with address and wrapped extract", async () => {
    const { exit, out } = await at([...pizza, "--num-results", "2"]);
    expect(exit).toBe(0);
    expect(out).toContain("1. The best pizza in Naples, by the people who live there\n   https://www.italia.it/en/");
    expect(out).toContain("\n\n2. Neapolitan pizza\n");
    expect(out).toEndWith("\nResults by SearXNG\n");
    expect(out).not.toContain("3. ");
    for (const line of out.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  });

  test("hold nothing that a terminal would act on", () => {
    const results = [{ title: "a\x1b[2Jb\nc", url: "https://a.example/\x07", snippet: "x\u202ey\r\nz" }];
    const shown = search({ query: "q", results }, { provider: "P\x1b" }, paint);
    for (const harmful of ["\x1b", "\x07", "\r", "\u202e"]) expect(shown).not.toContain(harmful);
    expect(shown).toContain("1. a\\x1b[2Jb c");
  });

  test("of nothing say so", () => {
    expect(search({ query: "q", results: [] }, { provider: "P" }, paint)).toBe(
      "Nothing was found for “q”.\n\nResults by P",
    );
  });

  test("any text is wrapped to the width and loses no word", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 4, max: 60 }), (text, width) => {
        const lines = wrap(text, width);
        for (const line of lines) expect(Bun.stringWidth(line)).toBeLessThanOrEqual(width);
        expect(lines.join("").replaceAll(" ", "")).toBe(text.replaceAll(" ", ""));
      }),
      { numRuns: 200 },
    );
  });
});

describe("--open", () => {
  const opener = (body: string) => {
    const folder = join(home.path, "bin");
    const seen = join(home.path, "opened");
    mkdirSync(folder);
    writeFileSync(join(folder, "xdg-open"), `#!/bin/sh\n${body.replace("SEEN", seen)}\n`, { mode: 0o755 });
    return {
      env: { PATH: `${folder}:/usr/bin:/bin` },
      opened: () => (existsSync(seen) ? readFileSync(seen, "utf8") : undefined),
    };
  };
  const record = `for each in "$@"; do printf '[%s]' "$each"; done > "SEEN"`;

  test("gives the opener that result's address, and nothing else", async () => {
    const { env, opened } = opener(record);
    const { exit, out, err } = await at([...pizza, "--open", "2"], env);
    expect([exit, opened()]).toEqual([0, "[https://en.wikipedia.org/wiki/Neapolitan_pizza]"]);
    expect(out).toContain("2. Neapolitan pizza");
    expect(err).toContain("Opened https://en.wikipedia.org/wiki/Neapolitan_pizza");
  });

  test("an address is never read by a shell", async () => {
    const { env, opened } = opener(record);
    const results = [{ url: "https://a.example/$(touch pwned)`id`;'x'", title: "t", content: "c" }];
    await using server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => Response.json({ results }) });
    const words = ["run", "web_search", "--query", "x", "--open", "1", "--json"];
    const { exit, json } = await run(words, {
      home: home.path,
      cwd: home.path,
      env: { ...env, SEARXNG_URL: String(server.url) },
    });
    expect([exit, json.data.results.length]).toEqual([0, 1]);
    expect(opened()).toBe("[https://a.example/$(touch%20pwned)%60id%60;'x']");
    expect(existsSync(join(home.path, "pwned"))).toBe(false);
  });

  test.each(["0", "21", "-1", "x", "1e1", ""])("%j is no number of a result, and nothing is asked", async (number) => {
    const { exit, err, out } = await at([...pizza, `--open=${number}`]);
    expect([exit, out]).toEqual([2, ""]);
    expect(err).toContain("must be the number of a result");
  });

  test("a result that is not there is told after the others", async () => {
    const { exit, out, err } = await at([...pizza, "--open", "9"]);
    expect(exit).toBe(6);
    expect(out).toContain("1. The best pizza");
    expect(err).toContain("There is no result 9: 3 were found");
  });

  const without: [name: string, body: string | undefined][] = [
    ["no opener", undefined],
    ["an opener that finds no browser", "exit 3"],
  ];
  test.each(without)("with %s the address is told", async (_name, body) => {
    const empty = join(home.path, "empty");
    mkdirSync(empty);
    const env = body === undefined ? { PATH: empty } : opener(body).env;
    const { exit, err } = await at([...pizza, "--open", "1"], env);
    expect(exit).toBe(10);
    expect(err).toContain("No program here opens web pages.\n  Open it yourself: https://www.italia.it/");
  });

  test("a dry run opens nothing, and other tools have no such flag", async () => {
    const { env, opened } = opener(record);
    expect((await at([...pizza, "--open", "1", "--dry-run"], env)).exit).toBe(0);
    expect(opened()).toBeUndefined();
    const other = await at(["--sandbox", "run", "get_weather", "--location", "Oslo", "--open", "1"]);
    expect([other.exit, other.err]).toEqual([2, expect.stringContaining("Unknown option '--open'")]);
    expect((await at(["run", "web_search", "--help"])).out).toContain("Terminal:\n  --open <number>");
  });
});

describe("providers", () => {
  test("what one command met, the next one knows: a broken one is left alone", async () => {
    let asked = 0;
    await using broken = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: () => {
        asked += 1;
        return new Response("{}", { status: 500 });
      },
    });
    const found = { results: [{ title: "T", url: "https://a.example/", content: "c" }] };
    await using good = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => Response.json(found) });
    const env = { SEARXNG_URL: String(broken.url), TAVILY_BASE_URL: String(good.url) };
    const runs = [];
    for (const query of ["a", "b", "c"]) runs.push(await at(["run", "web_search", "--query", query, "--json"], env));
    expect(runs.map(({ json }) => json.metadata.provider)).toEqual(Array(3).fill("Tavily (keyless)"));
    expect(asked).toBe(5);
    expect(runs[2]?.json.metadata.failed_providers).toMatchObject([
      { provider: "SearXNG", code: "upstream_unavailable", reason: expect.stringContaining("left alone") },
    ]);
    const { json } = await at(["providers", "--tool", "web_search", "--json"], env);
    expect(json.providers).toMatchObject([
      { id: "searxng", state: "open", failures_in_a_row: 5, last_error: { reason: "SearXNG answered 500" } },
      { id: "tavily", state: "no_key" },
      { id: "brave", state: "no_key" },
      { id: "tavily_keyless", state: "ok" },
      { id: "wikipedia", state: "unused" },
    ]);
    const shown = await at(["providers"], env);
    expect(shown.out).toMatch(
      /SearXNG +open +web_search +SEARXNG_URL +– +\d{4}-\d\d-\d\d \d\d:\d\d SearXNG answered 500/,
    );
    expect(shown.out).toMatch(/Tavily +no key +web_search +SEARCH_API_KEY +– +–/);
    expect((await at(["show", "web_search"], env)).out).toMatch(/– SearXNG +searxng +is left alone until .*5 times/);
  });

  test("commands that run at once keep a provider's pace between them", async () => {
    const came: number[] = [];
    const found = { type: "search", web: { results: [{ title: "T", url: "https://a.example/" }] } };
    await using brave = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch: () => {
        came.push(Date.now());
        return Response.json(found);
      },
    });
    const env = { BRAVE_BASE_URL: String(brave.url), SEARCH_API_KEY: "some-brave-key" };
    await at(["providers"], env);
    const started = Date.now();
    const queries = ["a", "b", "c"];
    const runs = await Promise.all(queries.map((query) => at(["run", "web_search", "--query", query, "--json"], env)));
    expect(runs.map(({ json }) => json.metadata.provider)).toEqual(Array(3).fill("Brave Search"));
    expect(came).toHaveLength(3);
    for (const [turn, time] of came.entries()) expect(time - started).toBeGreaterThanOrEqual(turn * 1_000);
  });

  test("those of one tool; a tool that is not there is refused with the nearest name", async () => {
    const maps = await at(["--sandbox", "providers", "--tool", "maps_hybrid", "--json"]);
    expect(maps.json.providers.map(({ id }: { id: string }) => id)).toEqual([
      "google_routes",
      "osrm",
      "google_places",
      "nominatim",
    ]);
    const wrong = await at(["providers", "--tool", "web_serach"]);
    expect([wrong.exit, wrong.err]).toEqual([6, expect.stringContaining("Did you mean web_search?")]);
    expect(await at(["--sandbox", "providers", "--tool", "notes"])).toMatchObject({
      exit: 0,
      out: "It asks no provider.\n",
    });
  });

  test("provider_order takes names between commas, and the next search follows it", async () => {
    const set = await at(["--sandbox", "config", "web_search", "set", "provider_order=wikipedia,searxng"]);
    expect([set.exit, set.out]).toEqual([0, expect.stringContaining("- wikipedia\n    - searxng")]);
    expect((await at([...pizza, "--select", "metadata.provider"])).out).toBe("Wikipedia\n");
    const bad = await at(["--sandbox", "config", "web_search", "set", "provider_order=wikipedia,wikipedia"]);
    expect([bad.exit, bad.err]).toEqual([2, expect.stringContaining("must name each only once")]);
    const weather = await at(["--sandbox", "config", "get_weather", "set", "provider_order=met_norway"]);
    expect(weather.exit).toBe(0);
    const ran = await at(["--sandbox", "run", "get_weather", "--location", "Oslo", "--select", "metadata.provider"]);
    expect(ran.out).toBe("MET Norway\n");
  });
});
