import { describe, expect, test } from "bun:test";
import type { Cli } from "../../cli/cli.ts";
import { quickLines } from "../../cli/quick-list.ts";
import { createApp } from "../../src/app.ts";
import type { SettingsInput } from "../../src/settings.ts";
import { openDatabase } from "../../src/store/database.ts";
import { createGrantStore } from "../../src/store/grant.ts";
import { ensureOwner } from "../../src/store/user.ts";
import { createHome, owner } from "../support/home.ts";

type Home = ReturnType<typeof createHome>;

/** As much of a command's context as the short way looks at. */
const quickly = (home: Home, env: Record<string, string> = {}, input: SettingsInput = {}, server?: string) =>
  quickLines({
    global: server === undefined ? {} : { server },
    settings: async () => home.settings(env, input),
  } as unknown as Cli);

/** What the house says, as far as a line shows it. */
async function slowly(home: Home) {
  await using app = await openApp(home);
  return (await app.listTools(owner.userId, { all: true })).map(({ id, description, category, status, ...rest }) => ({
    ...{ id, description, category, status },
    parameters: rest.parameters.map(({ name, required, options }) => ({
      ...{ name, required },
      ...(options ? { options } : {}),
    })),
    actions: rest.actions.map(({ effect }) => ({ effect })),
  }));
}

async function openApp(home: Home) {
  const app = await createApp({ settings: home.settings() });
  return { ...app, [Symbol.asyncDispose]: () => app.close() };
}

async function link(home: Home, services: string[], reason?: string): Promise<void> {
  const database = openDatabase(home.settings().home.database);
  ensureOwner(database.durable, owner.userId, new Date());
  const grants = createGrantStore(database.durable);
  const [createdAt, id] = [new Date(), "grt_1"];
  await grants.put({
    ...{ id, userId: owner.userId, provider: "google", alias: "home", subject: "1", label: "a@example.com" },
    ...{ scopes: [], services, isDefault: true, createdAt },
    ...{ refreshedAt: undefined, expiresAt: undefined, broken: undefined },
  });
  if (reason) await grants.markBroken(id, reason, createdAt);
  database.close();
}

describe("the short way lists what the house lists", () => {
  const lives: [name: string, live: (home: Home) => Promise<unknown>][] = [
    ["in a new home", async () => undefined],
    [
      "with tools turned off, on again and moved",
      async (home) => {
        await using app = await openApp(home);
        await app.changeConfig(owner, "get_weather", { enabled: false });
        await app.changeConfig(owner, "web_search", { enabled: false });
        await app.changeConfig(owner, "web_search", { enabled: true, priority: 1 });
        await app.changeConfig(owner, "maps_hybrid", { priority: 10 });
      },
    ],
    [
      "with restrictions of the user",
      async (home) => {
        await using app = await openApp(home);
        await app.people.changeUser(owner, owner.userId, { tools_deny: ["get_weather"] });
      },
    ],
    [
      "with a list of the only tools",
      async (home) => {
        await using app = await openApp(home);
        await app.people.changeUser(owner, owner.userId, { tools_allow: ["get_weather"] });
      },
    ],
    ["with a linked account", (home) => link(home, ["gmail"])],
    ["with one that broke", (home) => link(home, ["gmail"], "revoked")],
    [
      "with a token among the settings",
      async (home) => {
        await using app = await openApp(home);
        await app.secrets.keep("SLACK_BOT_TOKEN", "xoxb-1-2-3");
      },
    ],
  ];
  test.each(lives)("%s", async (_, live) => {
    using home = createHome();
    await live(home);
    const quick = await quickly(home);
    expect(quick).toEqual(await slowly(home));
    expect(quick?.length).toBeGreaterThan(5);
  });
});

describe("the long way is left to", () => {
  const cases: [name: string, env: Record<string, string>, input: SettingsInput, server?: string][] = [
    ["the sandbox", {}, { sandbox: true }],
    ["a daemon elsewhere", {}, {}, "http://localhost:1"],
    ["one that is set", { MCQUEEN_SERVER: "http://localhost:1" }, {}],
    ["read-only", { READ_ONLY: "true" }, {}],
    ["tools that are allowed", { TOOLS_ALLOW: "get_weather" }, {}],
    ["tools that are denied", { TOOLS_DENY: "no_such_tool" }, {}],
  ];
  test.each(cases)("%s", async (_, env, input, server) => {
    using home = createHome();
    expect(await quickly(home, env, input, server)).toBeUndefined();
  });
});
