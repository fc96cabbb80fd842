import { describe, expect, test } from "bun:test";
import { fetchGuardedJson, isPublicAddress } from "../../src/net/guarded.ts";

const good = "https://client.example/doc";
const json = (value: unknown, headers: Record<string, string> = {}): Response => Response.json(value, { headers });

/** Answers in turn, and notes where each request would have gone. */
function network(names: Record<string, string[]>, ...answers: (() => Response | Promise<Response>)[]) {
  const reached: string[] = [];
  const asked: string[] = [];
  return {
    reached,
    asked,
    resolve: async (name: string) => {
      asked.push(name);
      const found = names[name];
      if (!found) throw new Error("ENOTFOUND");
      return found;
    },
    send: async (url: URL, address: string) => {
      reached.push(`${url.href} at ${address}`);
      const answer = answers[Math.min(reached.length, answers.length) - 1];
      return answer ? answer() : json({ fine: true });
    },
  };
}

describe("addresses", () => {
  const inside = [
    "127.0.0.1",
    "127.1.2.3",
    "0.0.0.0",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.100.100.200",
    "192.0.0.192",
    "198.18.0.1",
    "224.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:a9fe:a9fe",
    "::ffff:10.0.0.1",
    "::7f00:1",
    "::a9fe:a9fe",
    "::ffff:0:7f00:1",
    "64:ff9b:1::7f00:1",
    "2002:a9fe:a9fe::1",
    "fec0::1",
    "3fff::1",
    "4000::1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::",
    "2001:0:7f00:1::",
    "fe80::1",
    "fc00::1",
    "fd00:ec2::254",
    "ff02::1",
    "not an address",
  ];
  test.each(inside)("%s is not public", (address) => {
    expect(isPublicAddress(address)).toBe(false);
  });
  test.each(["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1"])("%s is", (address) => {
    expect(isPublicAddress(address)).toBe(true);
  });
});

describe("fetchGuardedJson", () => {
  test("connects to the address that was checked, and looks it up once", async () => {
    const net = network({ "client.example": ["93.184.216.34"] });
    expect(await fetchGuardedJson(good, net)).toEqual({ fine: true });
    expect([net.reached, net.asked]).toEqual([[`${good} at 93.184.216.34`], ["client.example"]]);
  });

  const refused: [name: string, address: string, sentence: string][] = [
    ["no address", "nonsense", "no address"],
    ["http", "http://client.example/doc", "only https"],
    ["a file", "file:///etc/passwd", "only https"],
    ["data", "data:application/json,{}", "only https"],
    ["gopher", "gopher://client.example/", "only https"],
    ["a password", "https://a:b@client.example/doc", "password"],
    ["loopback", "https://127.0.0.1/doc", "not a public address"],
    ["loopback in decimal", "https://2130706433/doc", "not a public address"],
    ["loopback in hex", "https://0x7f000001/doc", "not a public address"],
    ["loopback in octal", "https://0177.0.0.1/doc", "not a public address"],
    ["loopback, short", "https://127.1/doc", "not a public address"],
    ["loopback inside IPv6", "https://[::ffff:127.0.0.1]/doc", "not a public address"],
    ["loopback inside IPv6, in hex", "https://[::ffff:7f00:1]/doc", "not a public address"],
    ["IPv6 loopback", "https://[::1]/doc", "not a public address"],
    ["loopback inside IPv6, the old way", "https://[::127.0.0.1]/doc", "not a public address"],
    ["a cloud's metadata inside IPv6, the old way", "https://[::a9fe:a9fe]/doc", "not a public address"],
    ["a name of this computer with a dot behind", "https://localhost./doc", "not a public address"],
    ["a cloud's metadata", "https://169.254.169.254/latest/meta-data", "not a public address"],
    ["a cloud's metadata, translated", "https://[64:ff9b::a9fe:a9fe]/", "not a public address"],
    ["a private network", "https://10.1.2.3/doc", "not a public address"],
    ["full-width digits", "https://１２７.0.0.1/doc", "not a public address"],
    ["a name of this computer", "https://localhost/doc", "not a public address"],
    ["a name for a private address", "https://inside.example/doc", "not a public address"],
    ["a name for both kinds", "https://both.example/doc", "not a public address"],
    ["a name that does not exist", "https://nowhere.example/doc", "cannot be reached"],
    ["a name without an address", "https://empty.example/doc", "has no address"],
  ];
  test.each(refused)("%s is not reached", async (_name, address, sentence) => {
    const net = network({
      localhost: ["127.0.0.1", "::1"],
      "localhost.": ["127.0.0.1", "::1"],
      "inside.example": ["192.168.0.10"],
      "both.example": ["93.184.216.34", "10.0.0.1"],
      "empty.example": [],
    });
    await expect(fetchGuardedJson(address, net)).rejects.toThrow(sentence);
    expect(net.reached).toEqual([]);
  });

  const hops: [name: string, location: string, sentence: string][] = [
    ["to loopback", "https://127.0.0.1/x", "not a public address"],
    ["to http", "http://client.example/x", "only https"],
    ["to a cloud's metadata", "https://169.254.169.254/", "not a public address"],
    ["to a private name", "https://inside.example/", "not a public address"],
    ["to itself, without end", "/doc", "redirects too often"],
    ["to no address", "https://", "no address"],
  ];
  test.each(hops)("a redirect %s is not followed", async (_name, location, sentence) => {
    const net = network(
      { "client.example": ["93.184.216.34"], "inside.example": ["10.0.0.9"] },
      () => new Response(null, { status: 302, headers: { location } }),
    );
    await expect(fetchGuardedJson(good, net)).rejects.toThrow(sentence);
    expect(net.reached.every((each) => each.endsWith("at 93.184.216.34"))).toBe(true);
  });

  test("a good redirect is followed, and each hop is looked up", async () => {
    const net = network(
      { "client.example": ["93.184.216.34"], "other.example": ["1.1.1.1"] },
      () => new Response(null, { status: 301, headers: { location: "https://other.example/doc" } }),
      () => json({ moved: true }),
    );
    expect(await fetchGuardedJson(good, net)).toEqual({ moved: true });
    expect(net.reached).toEqual([`${good} at 93.184.216.34`, "https://other.example/doc at 1.1.1.1"]);
  });

  const answers: [name: string, answer: () => Response | Promise<Response>, sentence: string][] = [
    ["no success", () => new Response("", { status: 404 }), "answers 404"],
    ["a page", () => new Response("<html>", { headers: { "content-type": "text/html" } }), "does not answer with JSON"],
    ["broken JSON", () => new Response("{", { headers: { "content-type": "application/json" } }), "readable JSON"],
    ["too much", () => json({ long: "x".repeat(70_000) }), "too much"],
    ["nothing at all", () => Promise.reject(new Error("reset")), "cannot be reached"],
  ];
  test.each(answers)("%s is refused with a sentence", async (_name, answer, sentence) => {
    const net = network({ "client.example": ["93.184.216.34"] }, answer);
    await expect(fetchGuardedJson(good, net)).rejects.toThrow(sentence);
  });

  test("time is bounded, by whatever hangs", async () => {
    const net = network({ "client.example": ["93.184.216.34"] });
    const send = (_url: URL, _address: string, signal: AbortSignal) =>
      new Promise<Response>((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    await expect(fetchGuardedJson(good, { ...net, send, deadlineMs: 20 })).rejects.toThrow("cannot be reached");
    const resolve = () => Promise.withResolvers<string[]>().promise;
    await expect(fetchGuardedJson(good, { ...net, resolve, deadlineMs: 20 })).rejects.toThrow("cannot be reached");
  });

  describe("over a real connection", () => {
    /** Answers by HTTP on loopback in place of what stands at the checked address. */
    async function fetchFrom(answer: (request: Request) => Response, deadlineMs = 5_000): Promise<unknown> {
      await using server = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: answer });
      const send = (url: URL, _address: string, signal: AbortSignal) =>
        fetch(new URL(url.pathname, server.url), { redirect: "manual", signal });
      return await fetchGuardedJson(good, { resolve: async () => ["93.184.216.34"], send, deadlineMs });
    }
    const type = { "content-type": "application/json" };

    test("a bomb is let go after its first bytes", async () => {
      const bomb = Bun.gzipSync(new Uint8Array(64 * 1024 * 1024));
      const answer = () => new Response(bomb, { headers: { ...type, "content-encoding": "gzip" } });
      await expect(fetchFrom(answer)).rejects.toThrow("too much");
    });

    const endless = (piece: string) => {
      const gone = Promise.withResolvers<void>();
      const pull = async (controller: ReadableStreamDefaultController) => {
        await Bun.sleep(5);
        controller.enqueue(piece);
      };
      const answer = () => new Response(new ReadableStream({ pull, cancel: () => gone.resolve() }), { headers: type });
      return { answer, gone: gone.promise };
    };
    test("one without an end is let go, and its sender hears it", async () => {
      const { answer, gone } = endless("x".repeat(8_192));
      await expect(fetchFrom(answer)).rejects.toThrow("too much");
      await gone;
    });
    test("one that drips is let go when the time is over", async () => {
      const { answer, gone } = endless(" ");
      await expect(fetchFrom(answer, 200)).rejects.toThrow("readable JSON");
      await gone;
    });
  });
});
