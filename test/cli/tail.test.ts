import { expect, test } from "bun:test";
import { appendFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { followFile, readable, tailFile } from "../../cli/tail.ts";
import { createHome } from "../support/home.ts";

test("the last lines of a file, made harmless", () => {
  using home = createHome();
  const path = join(home.path, "daemon.log");
  writeFileSync(path, "one\ntwo\n\u001b[31mthree\n");
  expect(tailFile(path, 2)).toBe("two\n\\x1b[31mthree\n");
  expect(tailFile(path, 0)).toBe("");
  expect(tailFile(path, 99)).toStartWith("one\n");
});

test("lines are made readable, and what is none of the log's stays", () => {
  const line = { level: "info", time: "2026-11-25T00:54:10.595Z", pid: 12, url: "http://a", msg: "serving" };
  expect(readable(`${JSON.stringify(line)}\n{half\nplain\n`)).toBe(
    "2026-11-25 00:54:10Z info  serving pid=12 url=http://a\n{half\nplain\n",
  );
});

test("follow loses no line while the file is turned over", async () => {
  using home = createHome();
  const path = join(home.path, "daemon.log");
  writeFileSync(path, "before\n");
  const seen: string[] = [];
  const stop = new AbortController();
  const done = Promise.withResolvers<void>();
  const following = followFile(
    path,
    (text) => {
      seen.push(text);
      if (seen.join("").includes("last\n")) done.resolve();
    },
    stop.signal,
  );
  appendFileSync(path, "written just before it is turned over\n");
  renameSync(path, `${path}.1`);
  writeFileSync(path, "first of the new one\nlast\n");
  await done.promise;
  stop.abort();
  await following;
  expect(seen.join("")).toBe("written just before it is turned over\nfirst of the new one\nlast\n");
});
