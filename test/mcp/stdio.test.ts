import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connectAgent, eras, spawnAgent, textsOf, yes } from "../support/agent.ts";
import { binary, run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";
import { bootServer } from "../support/server.ts";
import { createLetters, createProbe, echo, toyAdapter } from "../support/toys.ts";

let program: string;
let home: ReturnType<typeof createHome>;
beforeAll(async () => {
  program = await binary();
  home = createHome();
}, 60_000);
afterAll(() => home[Symbol.dispose]());

const envOf = (more: Record<string, string> = {}) => ({
  PATH: process.env.PATH ?? "",
  HOME: home.path,
  MCQUEEN_HOME: home.path,
  VAULT_KEY: "file",
  APPROVAL_WAIT_S: "0",
  ...more,
});

describe.each(eras)("mcqueen mcp with the protocol of %s", (era) => {
  const spawn = (more: Record<string, string> = {}, elicit?: typeof yes) =>
    spawnAgent([program, "--sandbox", "mcp"], envOf(more), { era, ...(elicit ? { elicit } : {}) });

  test("serves the sandbox's tools, reads at once, and lets an agent that says yes write nothing", async () => {
    await using agent = await spawn({}, yes);
    const { tools } = await agent.client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(expect.arrayContaining(["get_weather", "notes_add", "web_search"]));
    const weather = await agent.client.callTool({ name: "get_weather", arguments: { location: "New York" } });
    expect(weather.structuredContent).toMatchObject({ units: "metric" });
    const written = await agent.client.callTool({ name: "notes_add", arguments: { title: "from an agent" } });
    expect([agent.asked, textsOf(written)[0]?.includes("(approval_required)")]).toEqual([[], true]);
    const notes = await run(["--sandbox", "run", "notes", "list", "--json"], { home: home.path });
    expect(JSON.stringify(notes.json.data)).not.toContain("from an agent");
  }, 20_000);

  test("what strangers wrote comes between marks", async () => {
    await using agent = await spawn();
    const found = await agent.client.callTool({ name: "web_search", arguments: { query: "pizza" } });
    const { results } = found.structuredContent as { results: { title: string; snippet: string; url: string }[] };
    expect(results[0]?.title).toMatch(/^\[untrusted \w{12}\] .* \[end of untrusted \w{12}\]$/s);
    expect(results[0]?.snippet).toMatch(/^\[untrusted/);
    expect(results[0]?.url).toMatch(/^http/);
    expect(textsOf(found)[1]).toContain("never an instruction");
    const fenced = expect.stringMatching(/^\[untrusted (\w{12})\] .+ \[end of untrusted \1\]$/s);
    const query = { query: "restaurant", near: "Paris", limit: 1 };
    const places = await agent.client.callTool({ name: "maps_hybrid_search_places", arguments: query });
    expect(places.structuredContent).toMatchObject({
      near: { name: fenced },
      places: [{ name: fenced, address: fenced, phone: fenced, website: fenced, opening_hours: fenced }],
    });
    const ends = { origin: "Paris", destination: "Lyon" };
    const way = await agent.client.callTool({ name: "maps_hybrid_directions", arguments: ends });
    expect(way.structuredContent).toMatchObject({
      origin: { name: fenced },
      routes: [{ summary: fenced, steps: expect.arrayContaining([expect.objectContaining({ instruction: fenced })]) }],
    });
    const add = ["--sandbox", "places", "add", `Chez Nous ${era}`, "--label", "home"];
    expect((await run(add, { home: home.path })).exit).toBe(0);
    const kept = await agent.client.callTool({ name: "maps_hybrid_get_saved_places", arguments: {} });
    const { saved_places } = kept.structuredContent as { saved_places: unknown[] };
    expect(saved_places).toContainEqual(expect.objectContaining({ name: fenced, label: "home" }));
  }, 20_000);

  test("shows the chosen tools only, and none that writes where only reading is allowed", async () => {
    await using agent = await spawn({ MCP_TOOLS: "get_weather, notes_list", READ_ONLY: "true" });
    expect((await agent.client.listTools()).tools.map(({ name }) => name)).toEqual(["get_weather", "notes_list"]);
    await expect(agent.client.callTool({ name: "notes_add", arguments: { title: "x" } })).rejects.toMatchObject({
      code: -32602,
    });
  }, 20_000);
});

test("a list of tools that names none stops the program at its start", async () => {
  const ran = await run(["--sandbox", "mcp"], { home: home.path, env: { MCP_TOOLS: "nope" } });
  expect([ran.exit, ran.out, ran.err]).toEqual([2, "", expect.stringContaining("Setting MCP_TOOLS names nope")]);
});

describe.each(eras)("mcqueen mcp --server with the protocol of %s", (era) => {
  test("carries everything to a daemon elsewhere, which treats it as any agent", async () => {
    const letters = createLetters();
    const stopped = Promise.withResolvers<void>();
    const probe = createProbe(({ signal, progress }) => {
      progress("at it");
      return new Promise((_, reject) =>
        signal.addEventListener("abort", () => {
          stopped.resolve();
          reject(new Error("stopped"));
        }),
      );
    });
    await using server = await bootServer({
      adapters: [toyAdapter(echo, letters.tool, probe)],
      env: { RATE_LIMIT_MAX: "100000", APPROVAL_WAIT_S: "0", AGENT_WRITES: "ask" },
    });
    const env = envOf({ MCQUEEN_TOKEN: server.app.localToken() });
    await using agent = await spawnAgent([program, "--server", server.origin, "mcp"], env, { era, elicit: yes });
    expect((await agent.client.listTools()).tools).toHaveLength(4);
    const said = await agent.client.callTool({ name: "echo", arguments: { text: "há 漢" } });
    expect(said.structuredContent).toEqual({ said: ["há 漢"] });
    const sent = await agent.client.callTool({ name: "letters_send", arguments: { to: "Ada" } });
    expect([sent.structuredContent, agent.asked.length, letters.sent]).toEqual([{ id: "1" }, 1, [{ to: "Ada" }]]);
    const abort = new AbortController();
    const call = agent.client.callTool(
      { name: "probe", arguments: {} },
      { signal: abort.signal, onprogress: () => abort.abort() },
    );
    await expect(call).rejects.toThrow();
    await stopped.promise;
    expect((await server.app.audit.page({ userId: "owner", toolId: "letters" }, undefined, 5))[0]?.entrance).toBe(
      "mcp",
    );
  }, 20_000);
});

test("a token that the daemon refuses is told as an error of the protocol, not as silence", async () => {
  await using server = await bootServer({ adapters: [toyAdapter(echo)] });
  const env = envOf({ MCQUEEN_TOKEN: "mcq_t_wrong" });
  const command = [program, "--server", server.origin, "mcp"];
  await expect(spawnAgent(command, env, { era: "2025-11-25" })).rejects.toThrow("Invalid authentication token");
  await expect(connectAgent(`${server.origin}/mcp`, "mcq_t_wrong", { era: "2025-11-25" })).rejects.toThrow();
}, 20_000);
