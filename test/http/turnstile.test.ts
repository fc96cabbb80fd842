import { afterEach, expect, test } from "bun:test";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { openTurnstile, type TurnstileOptions } from "../../src/http/turnstile.ts";

const cleanUp: (() => unknown)[] = [];
afterEach(() => {
  for (const each of cleanUp.splice(0).reverse()) each();
});

async function serverOf(serve: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    serve(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUp.push(() => server.close());
  const address = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

async function gate(serve: (socket: Socket) => void, more: Partial<TurnstileOptions> = {}) {
  const refused: string[] = [];
  const target = await serverOf(serve);
  const onRefusal = (address: string): void => void refused.push(address);
  const turnstile = openTurnstile({ hostname: "127.0.0.1", port: 0, target, onRefusal, ...more });
  cleanUp.push(() => {
    turnstile.close();
    turnstile.cut();
  });
  return { turnstile, refused, target };
}

const echo = (socket: Socket): void => void socket.pipe(socket);

/** A connection that says "x": "in" once it comes back, "out" when the other side closes first. */
async function enter(port: number, from = "127.0.0.1"): Promise<{ socket: Socket; outcome: "in" | "out" }> {
  const socket = connect({ port, host: "127.0.0.1", localAddress: from });
  cleanUp.push(() => socket.destroy());
  const outcome = await new Promise<"in" | "out">((resolve) => {
    socket.on("connect", () => socket.write("x"));
    socket.on("data", () => resolve("in"));
    socket.on("error", () => resolve("out"));
    socket.on("close", () => resolve("out"));
  });
  return { socket, outcome };
}

const closed = (socket: Socket): Promise<void> => new Promise((resolve) => socket.on("close", () => resolve()));

const outcomesOf = async (all: Promise<{ outcome: string }>[]): Promise<string[]> =>
  (await Promise.all(all)).map(({ outcome }) => outcome).sort();

test("so many connections of one address get in and no more, and other addresses still do", async () => {
  const { turnstile, refused } = await gate(echo, { mostPerAddress: 3 });
  const inside = await Promise.all(Array.from({ length: 3 }, () => enter(turnstile.port)));
  expect(inside.map(({ outcome }) => outcome)).toEqual(["in", "in", "in"]);
  expect(await outcomesOf(Array.from({ length: 20 }, () => enter(turnstile.port)))).toEqual(Array(20).fill("out"));
  expect(new Set(refused)).toEqual(new Set(["127.0.0.1"]));
  expect((await enter(turnstile.port, "127.0.0.2")).outcome).toBe("in");
});

test("who leaves makes room", async () => {
  const { turnstile } = await gate(echo, { mostPerAddress: 1 });
  const first = await enter(turnstile.port);
  expect([first.outcome, (await enter(turnstile.port)).outcome]).toEqual(["in", "out"]);
  first.socket.destroy();
  // The other end learns of it a moment later.
  let next = await enter(turnstile.port);
  while (next.outcome === "out") next = await enter(turnstile.port);
  expect(next.outcome).toBe("in");
});

test("a server that closes makes room too", async () => {
  const { turnstile } = await gate((socket) => void socket.once("data", () => socket.end("bye")), {
    mostPerAddress: 1,
  });
  for (let round = 0; round < 5; round++) {
    const { socket, outcome } = await enter(turnstile.port);
    if (outcome === "in") await closed(socket);
    else round--;
  }
});

test("many addresses together have a bound as well", async () => {
  const { turnstile } = await gate(echo, { mostPerAddress: 2, mostAtAll: 5 });
  const addresses = Array.from({ length: 8 }, (_, at) => `127.0.0.${at + 10}`);
  const outcomes = await outcomesOf(addresses.flatMap((from) => [enter(turnstile.port, from)]));
  expect(outcomes.filter((outcome) => outcome === "in").length).toBe(5);
});

test("a few addresses that take all places leave one to whoever has none", async () => {
  const { turnstile, refused } = await gate(echo, { mostPerAddress: 3, mostAtAll: 6 });
  const [greedy, other] = ["127.0.0.20", "127.0.0.21"];
  const taken = await Promise.all(
    [greedy, greedy, greedy, other, other, other].map((from) => enter(turnstile.port, from)),
  );
  expect(taken.map(({ outcome }) => outcome)).toEqual(Array(6).fill("in"));
  const gone = Promise.race(taken.map(({ socket }) => closed(socket)));
  expect((await enter(turnstile.port, "127.0.0.22")).outcome).toBe("in");
  await gone;
  expect([greedy, other]).toContain(refused[0] ?? "");
  const again = await outcomesOf(Array.from({ length: 5 }, () => enter(turnstile.port, greedy)));
  expect(again.filter((outcome) => outcome === "in").length).toBeLessThanOrEqual(1);
  expect((await enter(turnstile.port, "127.0.0.23")).outcome).toBe("in");
});

test("what goes through arrives whole, both ways, also to a slow reader", async () => {
  const { turnstile } = await gate(echo);
  const sent = randomBytes(8 * 1024 * 1024);
  const socket = connect(turnstile.port, "127.0.0.1");
  cleanUp.push(() => socket.destroy());
  await once(socket, "connect");
  socket.write(sent);
  const hash = createHash("sha256");
  let length = 0;
  socket.on("data", (part: Buffer) => {
    hash.update(part);
    length += part.length;
    socket.pause();
    setImmediate(() => socket.resume());
    if (length === sent.length) socket.end();
  });
  await closed(socket);
  expect(length).toBe(sent.length);
  expect(hash.digest("hex")).toBe(createHash("sha256").update(sent).digest("hex"));
});

test("it knows whose a connection is that it handed on, while it lasts, and no other", async () => {
  const ports: number[] = [];
  const { turnstile, target } = await gate((socket) => {
    ports.push(socket.remotePort ?? 0);
    echo(socket);
  });
  const { socket } = await enter(turnstile.port, "127.0.0.7");
  const sourceOf = (at: number, address = "127.0.0.1") => turnstile.sourceOf({ address, port: ports[at] ?? 0 });
  expect(sourceOf(0)).toBe("127.0.0.7");
  await enter(target);
  expect(sourceOf(1)).toBeUndefined();
  for (const other of ["127.0.0.2", "127.0.0.7", "::1", "::ffff:127.0.0.1", ""])
    expect(sourceOf(0, other)).toBeUndefined();
  socket.destroy();
  while (sourceOf(0) !== undefined) await Bun.sleep(1);
});

test("closed, it takes nobody; cut, it ends those inside", async () => {
  const { turnstile } = await gate(echo);
  const { socket } = await enter(turnstile.port);
  turnstile.close();
  expect((await enter(turnstile.port)).outcome).toBe("out");
  const ended = closed(socket);
  turnstile.cut();
  await ended;
});

test("where nobody answers behind it, it closes", async () => {
  const target = await serverOf(echo);
  cleanUp.pop()?.();
  const turnstile = openTurnstile({ hostname: "127.0.0.1", port: 0, target, onRefusal: () => undefined });
  cleanUp.push(() => turnstile.close());
  expect((await enter(turnstile.port)).outcome).toBe("out");
});
