import { afterAll, beforeAll, expect, test } from "bun:test";
import { bootServer } from "../support/server.ts";

let server: Awaited<ReturnType<typeof bootServer>>;
beforeAll(async () => {
  server = await bootServer({ env: { RATE_LIMIT_MAX: "3" } });
});
afterAll(() => server[Symbol.asyncDispose]());

const files: [path: string, type: string][] = [
  ["/", "text/html; charset=utf-8"],
  ["/pair", "text/html; charset=utf-8"],
  ["/web/page.js", "text/javascript; charset=utf-8"],
  ["/web/page.css", "text/css; charset=utf-8"],
  ["/web/manifest.webmanifest", "application/manifest+json; charset=utf-8"],
  ["/web/icon.svg", "image/svg+xml; charset=utf-8"],
  ["/web/icon-192.png", "image/png"],
  ["/web/icon-512.png", "image/png"],
  ["/worker.js", "text/javascript; charset=utf-8"],
];
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const load = (path: string, headers: Record<string, string> = {}) => server.send({ path, headers, auth: null });

test.each(files)("%s comes with its type, the policy and a tag that spares the next body", async (path, type) => {
  const { status, headers, text } = await load(path);
  expect([status, headers.get("content-type"), headers.get("content-security-policy")]).toEqual([200, type, policy]);
  expect([headers.get("cache-control"), headers.get("x-content-type-options")]).toEqual(["no-cache", "nosniff"]);
  expect(text.length).toBeGreaterThan(100);
  const etag = headers.get("etag") ?? "";
  for (const asked of [etag, `W/${etag}`, `"other", ${etag}`]) {
    const again = await load(path, { "if-none-match": asked });
    expect([again.status, again.text, again.headers.get("etag")]).toEqual([304, "", etag]);
  }
  expect((await load(path, { "if-none-match": '"other"' })).status).toBe(200);
});

test("is not for other methods, and never counts against who loads it", async () => {
  for (let times = 0; times < 10; times++) expect((await load("/web/page.js")).status).toBe(200);
  expect((await server.send({ path: "/", method: "POST", auth: null })).status).toBe(404);
});

test("holds nothing that is written into it, and names no other host", async () => {
  const { text: html } = await load("/");
  expect(html).not.toMatch(/<style|<script(?![^>]* src=)|\son\w+=|\sstyle=/i);
  const all = [html, (await load("/web/page.css")).text, (await load("/web/manifest.webmanifest")).text].join("\n");
  expect(all.match(/https?:\/\//g)).toBeNull();
});

test("weighs under 100 KB gzipped, all together", async () => {
  let total = 0;
  for (const [path] of files.filter(([name]) => name !== "/pair")) {
    const bytes = new Uint8Array(await (await fetch(server.origin + path)).arrayBuffer());
    total += Bun.gzipSync(bytes).length;
  }
  process.stderr.write(`page weight: ${(total / 1024).toFixed(1)} KB gzipped\n`);
  expect(total).toBeLessThan(100 * 1024);
});
