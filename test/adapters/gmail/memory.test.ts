import { afterAll, expect, setDefaultTimeout, test } from "bun:test";
import { join } from "node:path";
import { wasRead } from "../../support/mail-worker.ts";

setDefaultTimeout(60_000);
const mebibyte = 1024 * 1024;
const worker = join(import.meta.dir, "../../support/mail-worker.ts");
const chunk = new Uint8Array(mebibyte).fill("a".charCodeAt(0));

/** A mailbox whose every answer is a text of so many MiB: `/20/` is the base URL of one of 20. */
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  fetch({ url }) {
    const path = new URL(url).pathname;
    let left = Number(path.split("/")[1]);
    const message =
      '"id":"1","threadId":"1","labelIds":[],"internalDate":"1700000000000","payload":{"mimeType":"text/plain","headers":[],"body":{"size":1,"data":"';
    const [head, tail] = path.includes("/threads/")
      ? [`{"id":"1","messages":[{${message}`, '"}}}]}']
      : [`{"messages":[],"labels":[],${message}`, '"}}}'];
    const body = new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode(head)),
      pull(controller) {
        if (left-- > 0) return controller.enqueue(chunk);
        controller.enqueue(new TextEncoder().encode(`${tail}`));
        controller.close();
      },
    });
    return new Response(body, { headers: { "content-type": "application/json" } });
  },
});
afterAll(() => server.stop(true));

async function readOf(sizeMiB: number, words: readonly string[]): Promise<{ ended: string; mostBytes: number }> {
  const child = Bun.spawn([process.execPath, worker, `${server.url}${sizeMiB}`, ...words], { stdout: "pipe" });
  const ended = await child.stdout.text();
  await child.exited;
  return { ended, mostBytes: child.resourceUsage()?.maxRSS ?? Number.NaN };
}

test.each(["search", "list_labels", 'read {"message_id":"1"}', 'read {"thread_id":"1"}'])(
  "%s: an answer of 20 MB or 200 MB takes no more memory than one of 10 MB may",
  async (line) => {
    const words = line.split(" ");
    const small = await readOf(1, words);
    expect(small.ended).toBe(wasRead);
    for (const size of [20, 200]) {
      const large = await readOf(size, words);
      expect(large.ended).toBe("Gmail sent more than 10 MiB");
      expect(large.mostBytes - small.mostBytes).toBeLessThan(64 * mebibyte);
    }
  },
);
