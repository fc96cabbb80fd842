import { afterAll, beforeAll, expect, test } from "bun:test";
import { Type } from "@sinclair/typebox";
import { defineAction, defineTool } from "../../src/core/tool.ts";
import { connectAgent, type Era, eras, yes } from "../support/agent.ts";
import { owner } from "../support/home.ts";
import { logIn } from "../support/people.ts";
import { bootServer } from "../support/server.ts";
import { toyAdapter } from "../support/toys.ts";

const strict = { additionalProperties: false };
const users = ["ada", "eve"] as const;
const clientsOfOne = 50;

/** What happened upstream: whose canary the call ran with, and the note that its client gave along. */
const sent: string[] = [];
const hanging = new Map<string, () => void>();
const stopped: string[] = [];

/** A tool that knows whose it is by the person's own settings alone. */
const diary = defineTool({
  id: "diary",
  name: "Diary",
  description: "Knows whose it is.",
  category: "notes",
  accessLevel: "public",
  service: "toy",
  examples: [],
  settings: Type.Object({ owner: Type.Optional(Type.String()) }, strict),
  actions: [
    defineAction({
      id: "read",
      description: "Read it",
      effect: "read",
      input: Type.Object({ note: Type.String(), owner: Type.Optional(Type.String()) }, strict),
      output: Type.Object({ owner: Type.String(), note: Type.String() }),
      run: async ({ note, owner: whose = "" }, { progress }) => {
        for (let step = 0; step < 3; step++) {
          progress(`${whose} ${note} ${step}`);
          await Bun.sleep(Math.random() * 20);
        }
        return { data: { owner: whose, note }, metadata: { provider: "Toy" } };
      },
    }),
    defineAction({
      id: "write",
      description: "Write into it",
      effect: "write",
      input: Type.Object({ note: Type.String(), owner: Type.Optional(Type.String()) }, strict),
      output: Type.Object({ written: Type.String() }),
      confirmation: { fields: ["note"], prompt: ({ note, owner: whose }) => `Write ${note} for ${whose}?` },
      run: async ({ note, owner: whose }) => {
        sent.push(`${whose} ${note}`);
        return { data: { written: `${whose} ${note}` }, metadata: { provider: "Toy" } };
      },
    }),
    defineAction({
      id: "hang",
      description: "Read without an end",
      effect: "read",
      input: Type.Object({ note: Type.String(), owner: Type.Optional(Type.String()) }, strict),
      output: Type.Object({}),
      run: async ({ note, owner: whose }, { signal, progress }) => {
        const { promise, reject } = Promise.withResolvers<never>();
        signal.addEventListener("abort", () => {
          stopped.push(`${whose} ${note}`);
          hanging.get(note)?.();
          reject(signal.reason);
        });
        progress(`${whose} ${note} hangs`);
        return await promise;
      },
    }),
  ],
});

const canary = (user: string): string => `canary-of-${user}`;
let server: Awaited<ReturnType<typeof bootServer>>;
beforeAll(async () => {
  server = await bootServer({
    adapters: [toyAdapter(diary)],
    env: { RATE_LIMIT_MAX: "100000", RATE_LIMIT_SESSION_MAX: "100000", LOGIN_RATE_MAX: "1000" },
  });
  for (const user of users) {
    await logIn(server, user);
    await server.app.changeConfig({ ...owner, userId: user }, "diary", { custom_settings: { owner: canary(user) } });
  }
});
afterAll(() => server[Symbol.asyncDispose]());

/** A client with a credential of its own, and every byte that it was sent. */
async function join(user: string, era: Era, number: number) {
  const name = `${user}-${number}`;
  const { secret } = await server.app.people.createToken({ ...owner, userId: user }, { name, writes: "ask" });
  const heard: string[] = [];
  let changes = 0;
  let onChange = (): void => undefined;
  const agent = await connectAgent(`${server.origin}/mcp`, secret, {
    era,
    elicit: yes,
    fetch: (url, init) => listenIn(url, init, heard),
    onToolsChanged: () => {
      changes++;
      onChange();
    },
  });
  const untilChanges = async (wanted: number): Promise<void> => {
    while (changes < wanted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      onChange = resolve;
      await promise;
    }
  };
  return { user, era, name, agent, heard, untilChanges, changes: () => changes };
}

async function listenIn(url: string | URL, init: RequestInit | undefined, heard: string[]): Promise<Response> {
  const response = await fetch(url, init);
  if (!response.body) return response;
  const decoder = new TextDecoder();
  const body = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        heard.push(decoder.decode(chunk, { stream: true }));
        controller.enqueue(chunk);
      },
    }),
  );
  return new Response(body, { status: response.status, headers: response.headers });
}

type Member = Awaited<ReturnType<typeof join>>;

/** Everything that a client does, several at once: reads with progress, a confirmed write, a call that is called off. */
async function live({ user, name, agent: { client, asked } }: Member): Promise<void> {
  const told: string[] = [];
  const read = (at: number) =>
    client.callTool(
      { name: "diary_read", arguments: { note: `${name}-${at}` } },
      { onprogress: ({ message }) => void told.push(message ?? "") },
    );
  const write = client.callTool({ name: "diary_write", arguments: { note: `${name}-w` } });
  const abort = new AbortController();
  const ended = new Promise<void>((resolve) => hanging.set(`${name}-h`, resolve));
  const hang = client.callTool(
    { name: "diary_hang", arguments: { note: `${name}-h` } },
    { signal: abort.signal, onprogress: () => abort.abort() },
  );
  const [one, two, three, written, cancelled, listed] = await Promise.all([
    read(1),
    read(2),
    read(3),
    write,
    hang.then(
      () => "answered",
      () => "cancelled",
    ),
    client.listTools(),
    ended,
  ]);
  for (const [at, result] of [one, two, three].entries())
    expect(result.structuredContent).toEqual({ owner: canary(user), note: `${name}-${at + 1}` });
  expect(written.structuredContent).toEqual({ written: `${canary(user)} ${name}-w` });
  expect([cancelled, listed.tools.length]).toEqual(["cancelled", 3]);
  expect(asked.map(({ message }) => message)).toEqual([`Write ${name}-w for ${canary(user)}?\nnote: ${name}-w`]);
  expect(told.filter((message) => !message.startsWith(`${canary(user)} ${name}-`))).toEqual([]);
  // A revision may drop a notice that comes with the answer, but not each.
  expect(told.length).toBeGreaterThan(3);
}

test("of a hundred clients of two people, in both eras, none hears anything of another's", async () => {
  const members = await Promise.all(
    Array.from({ length: clientsOfOne * 2 }, (_, at) =>
      join(users[at % 2 === 0 ? 0 : 1], eras[at % 4 < 2 ? 0 : 1], at),
    ),
  );
  await Promise.all(members.map(live));
  for (const [round, user] of users.entries()) {
    await server.app.changeConfig({ ...owner, userId: user }, "diary", { enabled: false });
    await Promise.all(members.filter((each) => each.user === user).map((each) => each.untilChanges(1)));
    const later = members.filter((each) => each.user !== user).map((each) => each.changes());
    expect(new Set(later)).toEqual(new Set([round]));
  }
  for (const { user, name, heard } of members) {
    const all = heard.join("");
    const others = members.filter((each) => each.name !== name).map((each) => each.name);
    expect([name, all.includes(canary(user))]).toEqual([name, true]);
    for (const word of [...users.filter((each) => each !== user).map(canary), ...others.map((each) => `${each}-`)])
      expect([name, word, all.includes(word)]).toEqual([name, word, false]);
  }
  const wanted = members.map(({ user, name }) => `${canary(user)} ${name}`);
  expect(sent.toSorted()).toEqual(wanted.map((each) => `${each}-w`).toSorted());
  expect(stopped.toSorted()).toEqual(wanted.map((each) => `${each}-h`).toSorted());
  await Promise.all(members.map(({ agent }) => agent.client.close()));
}, 120_000);
