import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { Glob } from "bun";

const web = join(import.meta.dir, "../../src/web");
const read = (file: string): Promise<string> => Bun.file(join(web, file)).text();
const named = (pattern: string): string[] => [...new Glob(pattern).scanSync(web)].sort();

describe("the style of the page", () => {
  const sheets = named("style/*.css");

  test("lies in files by domain, which are all joined, and none is long", async () => {
    const joined = [...(await read("page.css")).matchAll(/@import "\.\/(.+?)";/g)].map(([, file]) => file);
    expect(joined.toSorted()).toEqual(sheets);
    for (const file of named("**/*.{css,ts,tsx}")) {
      expect([file, (await read(file)).split("\n").length > 300]).toEqual([file, false]);
    }
  });

  test("styles nothing that is not there", async () => {
    const page = (await Promise.all(named("**/*.{tsx,html}").map(read))).join("\n");
    // States of bookings are classes by the names that tools give them.
    const words = new Set(["confirmed", "pending", "handoff", "cancelled", ...(page.match(/[\w-]+/g) ?? [])]);
    const styled = (await Promise.all(sheets.map(read))).flatMap(
      (css) => css.match(/(?<=\.)[a-z][\w-]*(?=[^{}]*\{)/g) ?? [],
    );
    expect([...new Set(styled)].filter((name) => !words.has(name))).toEqual([]);
    expect(styled.length).toBeGreaterThan(100);
  });
});
