import { describe, expect, test } from "bun:test";
import type { Message } from "../../src/core/message.ts";
import type { Webhook } from "../../src/core/webhook.ts";
import { owner } from "../support/home.ts";
import { bootServer } from "../support/server.ts";

const message = (account: string, id: string): Message => ({
  id,
  account,
  contact: "5550100",
  direction: "in",
  kind: "text",
  text: "x".repeat(1_000),
  at: new Date(0),
});

/** A service of nobody's: whose deliveries are genuine when they begin with the word. */
const pigeons: Webhook = {
  id: "pigeons",
  needs: ["SEARCH_API_KEY"],
  greet: async (query) => String(query.get("say")),
  isGenuine: async (bytes, _headers, { SEARCH_API_KEY: word }) => Buffer.from(bytes).toString().startsWith(`"${word}`),
  read: async (json) => ({ received: [message("loft-1", String(json)), message("loft-2", String(json))], reports: [] }),
};
const adapters = [{ service: "whatsapp", name: "Pigeons", tools: [], webhooks: [pigeons] }];

describe("a webhook of an adapter", () => {
  test("is served under its id, and http knows nothing of it", async () => {
    await using server = await bootServer({
      adapters,
      env: { SEARCH_API_KEY: "coo", WHATSAPP_PHONE_NUMBER_ID: "12345", WHATSAPP_API_TOKEN: "t-t-t-t" },
    });
    const send = (raw: string) => server.send({ path: "/webhooks/pigeons", auth: null, raw });
    expect((await server.send({ path: "/webhooks/pigeons?say=hello", auth: null })).text).toBe("hello");
    expect([(await send('"bark"')).status, (await send('"coo 1"')).status]).toEqual([401, 200]);
    expect(await server.app.webhooks.list()).toEqual([
      { id: "pigeons", name: "Pigeons", service: "whatsapp", missing: [], isWanted: true },
    ]);
  });

  test("without its settings it is shut, and doctor learns which", async () => {
    await using server = await bootServer({ adapters });
    expect((await server.send({ path: "/webhooks/pigeons", auth: null, raw: '"undefined"' })).status).toBe(501);
    expect(await server.app.webhooks.list()).toMatchObject([{ missing: ["SEARCH_API_KEY"], isWanted: false }]);
  });

  test("each account's news go to its own users, shortened where they are announced", async () => {
    await using server = await bootServer({ adapters, env: { SEARCH_API_KEY: "coo" } });
    const { app } = server;
    await app.people.addUser(owner, { id: "mia", role: "member" });
    const { createGrantStore } = await import("../../src/store/grant.ts");
    const { openDatabase } = await import("../../src/store/database.ts");
    const database = openDatabase(app.settings.home.database);
    const base = {
      label: undefined,
      scopes: [],
      isDefault: true,
      createdAt: new Date(),
      refreshedAt: undefined,
      expiresAt: undefined,
      broken: undefined,
    };
    const grant = (id: string, userId: string, subject: string, services: string[]) =>
      createGrantStore(database.durable).put({
        ...base,
        id,
        userId,
        provider: "whatsapp",
        alias: id,
        subject,
        services,
      });
    await grant("g1", "mia", "loft-1", ["whatsapp"]);
    await grant("g2", "owner", "loft-2", []);
    database.close();
    const last = await app.events.lastId();
    await app.webhooks.receive("pigeons", "1");
    await app.webhooks.receive("pigeons", "1");
    const events = await app.events.since("mia", last, 10);
    expect(events).toMatchObject([{ kind: "message.received", data: { message_id: "1", from: "5550100" } }]);
    expect(String(events[0]?.data.text)).toHaveLength(300);
    // The owner's grant no longer has the service.
    expect(await app.events.since("owner", last, 10)).toEqual([]);
  });
});
