import { describe, expect, test } from "bun:test";
import { createApp } from "../src/app.ts";
import { describeTool, loadRegistry, sandboxToolNames } from "../src/app-tools.ts";
import { listTool } from "../src/core/listing.ts";
import { namesOf } from "../src/core/registry.ts";
import { adapters, sandboxAdapters } from "./support/adapters.ts";
import { bootApp, callOf, createHome, owner } from "./support/home.ts";

const tools = adapters.flatMap((adapter) => adapter.tools);
const sandboxTools = sandboxAdapters.flatMap((adapter) => adapter.tools);

describe("loading one tool's service", () => {
  test.each([
    ...tools.map(({ id }) => [id, false] as const),
    ...[...tools, ...sandboxTools].map(({ id }) => [id, true] as const),
  ])("%s, in the sandbox: %p", async (id, sandbox) => {
    const registry = await loadRegistry(sandbox, id);
    expect(registry.adapters).toHaveLength(1);
    expect(registry.find(id).id).toBe(id);
    expect(registry.names).toEqual((await loadRegistry(sandbox)).names);
    expect(await describeTool(sandbox, id)).toEqual(listTool(registry.find(id)));
  });

  test.each([["no_such_tool"], ["constructor"], [sandboxTools[0]?.id ?? ""]])(
    "%s is nobody's, so all are there to say what there is",
    async (id) => {
      expect((await loadRegistry(false, id)).tools).toHaveLength(tools.length);
      expect(await describeTool(false, id)).toEqual(tools.map((tool) => tool.id));
    },
  );

  test("what only the sandbox has is known elsewhere by name", async () => {
    expect(await sandboxToolNames()).toEqual(namesOf(sandboxTools));
  });
});

describe("a house that serves one tool", () => {
  test.each([
    ["get_weather", { location: "Oslo" }],
    ["get_weather", { location: "" }],
    ["notes", { action: "list" }],
    ["email_personal", { action: "search" }],
  ])("answers a call of %s with %j as the whole house does", async (tool, parameters) => {
    const outcomeOf = async (only?: string) => {
      using home = createHome();
      const settings = home.settings({}, { sandbox: true });
      const app = await createApp({ settings, ...(only ? { tool: only } : {}) });
      const { metadata, ...outcome } = await app.execute(callOf(tool, parameters));
      await app.close();
      // What was noted is written by then.
      const later = await createApp({ settings });
      const [row] = await later.audit.page({ userId: owner.userId }, undefined, 1);
      const counted = (await later.usage(owner.userId, new Date(0))).map(({ toolId, calls }) => [toolId, calls]);
      await later.close();
      return { ...outcome, named: Object.keys(metadata), row: [row?.kind, row?.toolId, row?.code], counted };
    };
    const [part, whole] = [await outcomeOf(tool), await outcomeOf()];
    expect(part).toEqual(whole);
    expect(part.row[1]).toBe(tool);
    expect(part.counted).toEqual([[tool, 1]]);
  });

  const guards = { TOOLS_DENY: "web_search,notes", MCP_TOOLS: "calendar_personal_create_event,get_weather" };
  test("knows the others by name, so that the settings may name them", async () => {
    await using app = await bootApp({ tool: "get_weather", env: guards });
    expect(app.registry.adapters.map(({ service }) => service)).toEqual(["weather_api"]);
    expect(app.agents.tools).toEqual(guards.MCP_TOOLS.split(","));
  });

  test.each([
    [{ TOOLS_DENY: "no_such_tool" }],
    [{ TOOLS_ALLOW: "get_weather,get_wether" }],
    [{ MCP_TOOLS: "calendar_personal_no_such_action" }],
    [{ MCP_TOOLS: "notes_list" }],
  ])("refuses %p as the whole house does", async (env) => {
    const refusalOf = (tool?: string) =>
      bootApp({ env, ...(tool ? { tool } : {}) }).then(
        () => undefined,
        ({ code, message }: { code: string; message: string }) => ({ code, message }),
      );
    expect(await refusalOf("get_weather")).toEqual(await refusalOf());
    expect(await refusalOf("get_weather")).toMatchObject({ code: "invalid_parameters" });
  });
});
