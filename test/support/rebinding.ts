/**
 * Runs in a network of its own, where one computer plays the public internet, its name server and the inside.
 * Prints what each address came to, as JSON. Arguments: the key and the certificate of client.example.
 */
import { createSocket } from "node:dgram";
import { readFileSync } from "node:fs";
import { fetchGuardedJson } from "../../src/net/guarded.ts";

const outside = "93.184.216.34";
const [keyFile = "", certFile = ""] = process.argv.slice(2);
const tls = { key: readFileSync(keyFile, "utf8"), cert: readFileSync(certFile, "utf8") };

/** What each name is said to be, look-up after look-up; the last answer stays. */
const names: Record<string, string[][]> = {
  "client.example": [[outside]],
  "rebound.client.example": [[outside], ["127.0.0.1"]],
  "inside.client.example": [["127.0.0.1"]],
  "both.client.example": [[outside, "127.0.0.1"]],
  "mapped.client.example": [["::ffff:127.0.0.1"]],
  "six.client.example": [["::1"]],
  "other.example": [[outside]],
};
const asked: Record<string, number> = {};

/** Answers queries for A and AAAA records; of one that names no address of that kind, with none. */
function answerQuery(query: Buffer): Buffer {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += length + 1;
  }
  const isSix = query.readUInt16BE(at + 1) === 28;
  const name = labels.join(".").toLowerCase();
  const turns = names[name];
  // Both kinds are asked for at once: the first kind counts the turn.
  if (!isSix) asked[name] = (asked[name] ?? 0) + 1;
  const turn = turns?.[Math.min(asked[name] ?? 1, turns.length) - 1] ?? [];
  const records = turn
    .filter((address) => address.includes(":") === isSix)
    .map((address) => {
      const bytes = isSix ? sixBytes(address) : Buffer.from(address.split(".").map(Number));
      const head = Buffer.from([0xc0, 0x0c, 0, isSix ? 28 : 1, 0, 1, 0, 0, 0, 0, 0, bytes.length]);
      return Buffer.concat([head, bytes]);
    });
  const head = Buffer.from(query.subarray(0, 12));
  head.writeUInt16BE(turns ? 0x8180 : 0x8183, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(records.length, 6);
  head.writeUInt32BE(0, 8);
  return Buffer.concat([head, query.subarray(12, at + 5), ...records]);
}

const sixBytes = (address: string): Buffer =>
  address === "::1"
    ? Buffer.from([...new Uint8Array(15), 1])
    : Buffer.from([...new Uint8Array(10), 0xff, 0xff, 127, 0, 0, 1]);

const nameServer = createSocket("udp4");
nameServer.on("message", (query, { port, address }) => nameServer.send(answerQuery(query), port, address));
const { promise: bound, resolve } = Promise.withResolvers<void>();
nameServer.bind(53, "127.0.0.1", resolve);
await bound;

let hits = 0;
const inside = [443, 80].flatMap((port) =>
  ["127.0.0.1", "::1"].map((hostname) =>
    Bun.serve({
      hostname,
      port,
      ...(port === 443 ? { tls } : {}),
      fetch: () => {
        hits++;
        return Response.json({ secret: true });
      },
    }),
  ),
);
const public443 = Bun.serve({
  hostname: outside,
  port: 443,
  tls,
  fetch(request) {
    const { host, pathname } = new URL(request.url);
    const to = decodeURIComponent(pathname.slice(1));
    return to.startsWith("http") ? Response.redirect(to, 302) : Response.json({ host });
  },
});

const results: Record<string, unknown> = {};
for (const address of [
  "https://client.example/doc",
  "https://rebound.client.example/doc",
  "https://rebound.client.example/doc?again",
  "https://inside.client.example/doc",
  "https://both.client.example/doc",
  "https://mapped.client.example/doc",
  "https://six.client.example/doc",
  "https://nowhere.client.example/doc",
  `https://client.example/${encodeURIComponent("https://inside.client.example/doc")}`,
  `https://client.example/${encodeURIComponent("https://127.0.0.1/doc")}`,
  `https://client.example/${encodeURIComponent("http://client.example/doc")}`,
  "https://other.example/doc",
]) {
  results[address] = await fetchGuardedJson(address).catch((error: Error) => error.message);
}
process.stdout.write(JSON.stringify({ results, hits }));
nameServer.close();
await Promise.all([...inside, public443].map((server) => server.stop(true)));
process.exit(0);
