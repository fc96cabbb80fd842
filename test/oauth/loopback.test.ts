import { expect, test } from "bun:test";
import type { CallbackVerdict } from "../../src/core/accounts.ts";
import { createLoopback } from "../../src/oauth/loopback.ts";

const linked: CallbackVerdict = { ok: true, title: "Linked", text: "All is well." };
const soon = (): Date => new Date(Date.now() + 60_000);
const visit = (url: string | URL, init: RequestInit = {}) => fetch(url, { redirect: "manual", ...init });

/** A loopback that has been told of one login, whose verdict comes when the test says so. */
function listen() {
  const verdict = Promise.withResolvers<CallbackVerdict>();
  const seen: Record<string, string>[] = [];
  const loopback = createLoopback(() => new Date());
  const address = loopback.open("lgn_1", soon(), (query) => {
    seen.push(Object.fromEntries(query));
    return verdict.promise;
  });
  return { loopback, verdict, seen, address };
}

test("sends the browser on to a page whose address holds nothing of the callback", async () => {
  const { loopback, verdict, seen, address } = listen();
  verdict.resolve(linked);
  const back = await visit(`${address}?code=abc&state=xyz`);
  expect([back.status, back.headers.get("location")]).toEqual([303, expect.stringMatching(/^\/done-[0-9a-f]{8,}$/)]);
  expect(seen).toEqual([{ code: "abc", state: "xyz" }]);
  const page = await visit(new URL(back.headers.get("location") ?? "", address));
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("Linked")]);
  await loopback.close();
});

test("a close while the verdict is made, or before its page was fetched, lets the browser have the page", async () => {
  const { loopback, verdict, seen, address } = listen();
  const coming = visit(`${address}?code=abc`);
  while (seen.length === 0) await Bun.sleep(1);
  const closed = loopback.close();
  verdict.resolve(linked);
  const back = await coming;
  const page = await visit(new URL(back.headers.get("location") ?? "", address));
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining("Linked")]);
  await closed;
  await expect(visit(address)).rejects.toThrow();
});

test("a close that nobody waits for ends the listener", async () => {
  const { loopback, address } = listen();
  await loopback.close();
  await expect(visit(address)).rejects.toThrow();
});

test.each<[string, (address: URL) => [URL, RequestInit]]>([
  ["another path", (address) => [new URL("/", address), {}]],
  ["a path below it", (address) => [new URL(`${address.pathname}/x`, address), {}]],
  ["another method", (address) => [address, { method: "POST" }]],
  ["HEAD, as a preview of links sends it", (address) => [address, { method: "HEAD" }]],
  ["a name that somebody pointed here", (address) => [address, { headers: { host: `evil.example:${address.port}` } }]],
  ["localhost", (address) => [address, { headers: { host: `localhost:${address.port}` } }]],
])("takes no callback from %s", async (_name, of) => {
  const { loopback, seen, address } = listen();
  const [url, init] = of(new URL(`${address}?code=abc`));
  expect((await visit(url, init)).status).toBe(404);
  expect(seen).toEqual([]);
  await loopback.close();
});
