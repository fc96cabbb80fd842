import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import fc from "fast-check";
import {
  type Message,
  type MessageStatus,
  type MessageStore,
  messageStatuses,
  type StatusReport,
} from "../../src/core/message.ts";
import { noRestrictions } from "../../src/core/restrictions.ts";
import { openDatabase } from "../../src/store/database.ts";
import { createMessageStore } from "../../src/store/message.ts";
import { createUserStore } from "../../src/store/user.ts";
import { createHome } from "../support/home.ts";

let home: ReturnType<typeof createHome>;
let database: ReturnType<typeof openDatabase>;
let store: MessageStore;
beforeEach(async () => {
  home = createHome();
  database = openDatabase(home.settings().home.database);
  store = createMessageStore(database.durable);
  for (const id of ["mia", "olaf"]) {
    await createUserStore(database.durable).create({
      id,
      role: "member",
      createdAt: new Date(0),
      restrictions: noRestrictions,
    });
  }
});
afterEach(() => {
  database.close();
  home[Symbol.dispose]();
});

const made = (id: string, at: number, more: Partial<Message> = {}): Message => ({
  id,
  account: "1",
  contact: "447700900101",
  direction: "in",
  kind: "text",
  text: id,
  at: new Date(at),
  ...more,
});
const report = (userId: string, service: string, reports: StatusReport[]) =>
  store.receive([
    {
      userId,
      service,
      received: [],
      reports,
      announce: () => ({ kind: "message.received", data: {}, at: new Date(0) }),
    },
  ]);
const idsOf = async (userId: string, service = "whatsapp") =>
  (await store.of(userId, service).page({ account: "1", limit: 100 })).messages.map(({ id }) => id);

describe("messages", () => {
  test("are one person's at one service, and each is kept once", async () => {
    const mia = store.of("mia", "whatsapp");
    expect(await mia.add([made("a", 1), made("a", 2), made("b", 2)])).toHaveLength(2);
    expect(await mia.add([made("b", 2), made("c", 3)])).toMatchObject([{ id: "c" }]);
    expect(await store.of("olaf", "whatsapp").add([made("a", 1)])).toHaveLength(1);
    expect([await idsOf("mia"), await idsOf("olaf"), await idsOf("mia", "slack")]).toEqual([
      ["c", "b", "a"],
      ["a"],
      [],
    ]);
  });

  test("every page together is everything, whatever the times are", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 7 }),
        async (times, limit) => {
          const service = crypto.randomUUID();
          const own = store.of("mia", service);
          await own.add(times.map((at, index) => made(String(index), at)));
          const seen: string[] = [];
          let page: string | undefined;
          do {
            const found = await own.page({ account: "1", limit, ...(page === undefined ? {} : { page }) });
            seen.push(...found.messages.map(({ id }) => id));
            page = found.nextPage;
          } while (page !== undefined);
          const order = times.map((at, index) => ({ at, index })).sort((a, b) => b.at - a.at || b.index - a.index);
          expect(seen).toEqual(order.map(({ index }) => String(index)));
        },
      ),
      { numRuns: 20 },
    );
  });

  test("go with their person, and after their time", async () => {
    await store.of("mia", "whatsapp").add([made("old", 1_000), made("new", 9_000)]);
    await report("mia", "whatsapp", [{ messageId: "old", account: "1", status: "read", at: new Date(1_000) }]);
    await store.sweep(new Date(5_000));
    expect(await idsOf("mia")).toEqual(["new"]);
    await createUserStore(database.durable).remove("mia");
    expect(database.durable.get("SELECT count(*) AS n FROM messages")).toEqual({ n: 0 });
  });
});

test("a status goes forward only, in whatever order reports come", async () => {
  const told = (status: MessageStatus, at: number) => ({ messageId: "x", account: "1", status, at: new Date(at) });
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom(...messageStatuses), { minLength: 1, maxLength: 8 }),
      async (statuses) => {
        const service = crypto.randomUUID();
        await store.of("mia", service).add([made("x", 1, { direction: "out" })]);
        for (const [at, status] of statuses.entries()) await report("mia", service, [told(status, at)]);
        const { messages } = await store.of("mia", service).page({ account: "1", limit: 1 });
        const furthest = messageStatuses[Math.max(...statuses.map((status) => messageStatuses.indexOf(status)))];
        expect(messages[0]?.status).toBe(furthest as MessageStatus);
      },
    ),
    { numRuns: 30 },
  );
});
