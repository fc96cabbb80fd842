import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { plainText } from "../../../src/adapters/search/plain-text.ts";
import { canonical, type Hit, mergeHits } from "../../../src/adapters/search/results.ts";

const hit = (url: string | undefined, title: string | undefined = "T", snippet: string | undefined = "s"): Hit => ({
  url,
  title,
  snippet,
});

describe("an extract as plain text", () => {
  const rows: [markup: string, text: string][] = [
    ["<strong>Brave</strong> doesn’t track", "Brave doesn’t track"],
    ['<span class="searchmatch">Python</span> &amp; C', "Python & C"],
    ["&lt;b&gt;bold&lt;/b&gt;", "<b>bold</b>"],
    ["&amp;lt;b&amp;gt;", "&lt;b&gt;"],
    ["1 < 2 and 3 > 2", "1 < 2 and 3 > 2"],
    ["a<!-- hidden <b> -->b", "ab"],
    ["<script>alert(1)</script>", "alert(1)"],
    ["&#8211; &#x2014; &nbsp;&hellip;", "– —  …"],
    ["&#0;&#27;&#x202e;&#xD800;&#99999999;", "  \u202e &#99999999;"],
    ["&bogus; &constructor; &amp", "&bogus; &constructor; &amp"],
    ["<<b>strong</b>>", "<strong>"],
    ["", ""],
  ];
  test.each(rows)("%j is %j", (markup, text) => {
    expect(plainText(markup)).toBe(text);
  });

  test.each(["<!--", "<a", "<", "&#", "<a href='"])("half a million of %j are read at once", (piece) => {
    expect(plainText(piece.repeat(500_000)).length).toBeLessThanOrEqual(20_000);
  });

  const marked = (text: string): string =>
    text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

  test("what was escaped comes back as it was, with or without marks around it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(plainText(marked(text))).toBe(text);
        expect(plainText(`<strong>${marked(text)}</strong>`)).toBe(text);
      }),
      { numRuns: 300 },
    );
  });
});

describe("hits become results", () => {
  const same: [a: string, b: string][] = [
    ["https://a.example/x", "http://a.example/x"],
    ["https://a.example/x", "https://www.a.example/x/"],
    ["https://a.example/x", "https://A.example:443/x#part"],
    ["https://a.example/x?b=2&a=1", "https://a.example/x?a=1&b=2"],
    ["https://a.example/x", "https://a.example/x?utm_source=n&UTM_Medium=m&gclid=1&fbclid=2"],
    ["https://a.example/x?id=1", "https://a.example/x?id=1&utm_campaign=z"],
    ["https://a.example", "https://a.example/?"],
  ];
  test.each(same)("%s and %s are one page", (a, b) => {
    expect(mergeHits([hit(a), hit(b)], 20)).toHaveLength(1);
  });

  const others: [a: string, b: string][] = [
    ["https://a.example/x", "https://a.example/X"],
    ["https://a.example/x", "https://a.example/x?id=1"],
    ["https://a.example/x", "https://b.a.example/x"],
    ["https://a.example/x", "https://a.example:8443/x"],
    ["https://a.example/a/b", "https://a.example/a%2Fb"],
    ["https://a.example/x?v=1&v=2", "https://a.example/x?v=1"],
  ];
  test.each(others)("%s and %s are two", (a, b) => {
    expect(mergeHits([hit(a), hit(b)], 20)).toHaveLength(2);
  });

  test("the first of a page is kept, with the longest extract; the number is held", () => {
    const hits = [
      hit("https://a.example/", "First", "short"),
      hit("http://www.a.example", "Second", "a longer one"),
      hit("https://b.example", "B", ""),
      hit("https://c.example"),
    ];
    expect(mergeHits(hits, 2)).toEqual([
      { title: "First", url: "https://a.example/", snippet: "a longer one" },
      { title: "B", url: "https://b.example/", snippet: "" },
    ]);
  });

  const refused = [
    "javascript:alert(1)",
    "file:///etc/passwd",
    "data:text/html,x",
    "ftp://a.example/",
    "//a.example",
    "/x",
    "",
    "https://user:pw@a.example/",
    undefined,
  ];
  test.each(refused)("%s is no result", (url) => {
    expect(mergeHits([hit(url)], 20)).toEqual([]);
  });

  test("a page without a title is called by its host, and text stays on one line", () => {
    const [first] = mergeHits([hit("https://a.example/x", " ", "one\r\n\u2028two\u0000\tthree")], 5);
    expect(first).toEqual({ title: "a.example", url: "https://a.example/x", snippet: "one two three" });
  });

  test("a long extract is cut at a word, and never through a character", () => {
    const [words] = mergeHits([hit("https://a.example", "T", "word ".repeat(200))], 1);
    expect(words?.snippet).toEndWith(" word…");
    const [faces] = mergeHits([hit("https://a.example", "T", "😀".repeat(900))], 1);
    expect(faces?.snippet.isWellFormed()).toBe(true);
    expect([...(faces?.snippet ?? "")]).toHaveLength(500);
  });

  test("any list gives distinct web addresses, no more than asked, and the same again", () => {
    const urls = fc.oneof(fc.webUrl({ withQueryParameters: true, withFragments: true }), fc.string());
    fc.assert(
      fc.property(
        fc.array(fc.record({ url: urls, title: fc.string(), snippet: fc.string() })),
        fc.integer({ min: 1, max: 20 }),
        (hits, most) => {
          const results = mergeHits([...hits, ...hits], most);
          expect(results.length).toBeLessThanOrEqual(most);
          const keys = results.map(({ url }) => canonical(new URL(url)));
          expect(new Set(keys).size).toBe(keys.length);
          for (const { url, title } of results) {
            expect(new URL(url).protocol).toMatch(/^https?:$/);
            expect(title).not.toBe("");
          }
          expect(mergeHits(results, most)).toEqual(results);
        },
      ),
      { numRuns: 200 },
    );
  });
});
