import { afterAll, beforeAll, expect, test } from "bun:test";
import { createRemoteBackend } from "../../cli/remote.ts";
import { bootServer } from "../support/server.ts";
import { api } from "./rows.ts";

let server: Awaited<ReturnType<typeof bootServer>>;
beforeAll(async () => {
  server = await bootServer({ sandbox: true });
});
afterAll(() => server[Symbol.asyncDispose]());

const execute = (body: unknown) => server.send({ path: `${api}/mcp/tools/web_search/execute`, body });
const stateOf = async (id: string) => {
  const { json } = await server.send({ path: `${api}/mcp/providers` });
  return json.providers.find((each: { id: string }) => each.id === id);
};

test("a provider is unused, then ok; one without its key says what it needs", async () => {
  expect(await stateOf("searxng")).toMatchObject({ state: "unused", tools: ["web_search"], last_success_at: null });
  const { json } = await execute({ parameters: { query: "jazz" } });
  expect(json).toMatchObject({ success: true, metadata: { provider: "SearXNG", service: "web_search" } });
  expect(await stateOf("searxng")).toMatchObject({
    state: "ok",
    last_success_at: expect.stringMatching(/^\d{4}-/),
    last_error: null,
  });
  expect(await stateOf("brave")).toMatchObject({
    state: "no_key",
    needs: "SEARCH_API_KEY",
    obstacle: "needs the setting SEARCH_API_KEY",
  });
});

test("one tool says who would answer now, and provider_order changes it", async () => {
  const config = { path: `${api}/mcp/tools/web_search/config`, method: "PUT" };
  const first = async () => (await server.send({ path: `${api}/mcp/tools/web_search` })).json.tool.providers[0];
  expect(await first()).toEqual({ id: "searxng", name: "SearXNG", ready: true, why: "is asked first" });
  await server.send({ ...config, body: { custom_settings: { provider_order: ["wikipedia"] } } });
  expect(await first()).toMatchObject({ id: "wikipedia", why: "is asked first, as provider_order says" });
  expect((await execute({ parameters: { query: "jazz" } })).json.metadata.provider).toBe("Wikipedia");
  const refused = await server.send({ ...config, body: { custom_settings: { provider_order: ["altavista"] } } });
  expect([refused.status, refused.json.error]).toEqual([
    400,
    expect.stringContaining("provider_order[0] must be one of: searxng, tavily, brave, tavily_keyless, wikipedia"),
  ]);
});

test("a command line elsewhere reads the same", async () => {
  const there = createRemoteBackend(server.origin, server.app.localToken());
  expect(await there.listProviders()).toEqual(await server.app.listProviders());
  expect((await there.showTool("web_search")).providers).toHaveLength(5);
});

test("a list of tools tells no providers", async () => {
  const { json } = await server.send({ path: `${api}/mcp/tools` });
  for (const tool of json.tools) expect(tool.providers).toBeUndefined();
});
