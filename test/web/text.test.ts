import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createEventReader } from "../../src/web/events.ts";
import { toolName, whoIs } from "../../src/web/names.ts";
import { holdsUnseen, plain, safeLink, shorten } from "../../src/web/safe-link.ts";
import { timeLeft } from "../../src/web/when.ts";
import { understandYes } from "../../src/web/yes-or-no.ts";

describe("what comes from elsewhere", () => {
  test.each([
    ["https://example.org/a?b=c", true],
    ["http://127.0.0.1:3000/", true],
    ["mailto:ada@example.com", true],
    ["tel:+4420", true],
    ["javascript:alert(1)", false],
    [" javascript:alert(1)", false],
    ["JaVaScRiPt:alert(1)", false],
    ["java\nscript:alert(1)", false],
    ["data:text/html,<script>", false],
    ["vbscript:x", false],
    ["file:///etc/passwd", false],
    ["blob:https://example.org/x", false],
    ["/relative", false],
    ["//example.org", false],
    ["", false],
    [5, false],
    [undefined, false],
  ])("%p may be opened: %p", (url, isSafe) => {
    expect(safeLink(url) !== undefined).toBe(isSafe);
  });

  test("no link has another scheme, whatever comes", () => {
    const schemes = fc.constantFrom("javascript:", "data:", "https://", "\tjavascript:", "jAvascript&colon;", "");
    fc.assert(
      fc.property(schemes, fc.string(), (scheme, rest) => {
        expect(safeLink(scheme + rest) ?? "tel:").toMatch(/^(https?|mailto|tel):/);
      }),
    );
  });

  test("signs that hide or turn text are gone, and lines stay", () => {
    expect(plain("a\u202egpj.exe\u2066b\u200bc\u0000d\u001b[31me\r\nf\tg")).toBe("agpj.exebcd[31me\nf\tg");
  });

  test.each([
    ["plain\r\ntext\twith lines", false],
    ["turned \u202e", true],
    [{ a: [{ b: ["zero\u200bwidth"] }] }, true],
    [{ "na\u2066me": 1 }, true],
    [{ a: 1, b: null, c: [true] }, false],
    [undefined, false],
  ])("%j holds signs that cannot be seen: %p", (value, isUnseen) => {
    expect(holdsUnseen(value)).toBe(isUnseen);
  });

  test("long text is cut, and says so", () => {
    expect([shorten("abc", 3), shorten("abcd", 3)]).toEqual(["abc", "abc…"]);
  });
});

describe("names", () => {
  test.each([
    ["email_personal", "Email"],
    ["book_restaurant_public", "Book restaurant"],
    ["linkedin_personal", "LinkedIn"],
    ["notes", "Notes"],
  ])("of %s is %s", (id, name) => {
    expect(toolName(id)).toBe(name);
  });

  test.each([
    ["rest", "tok_1", "a program with a token"],
    ["rest", "ses_1", "a phone or browser of yours"],
    ["mcp", "mcl_1", "an agent"],
    ["cli", "terminal", "the command line"],
    ["elsewhere", "x", "elsewhere"],
  ])("who came by %s with %s is %s", (entrance, credential, who) => {
    expect(whoIs(entrance, credential)).toBe(who);
  });
});

describe("a spoken answer", () => {
  test.each([
    ["yes", true],
    ["Yes, do it", true],
    ["okay go ahead", true],
    ["no", false],
    ["No, yes, no", false],
    ["don't do it", false],
    ["yes but not today", false],
    ["please cancel", false],
    ["yesterday", undefined],
    ["", undefined],
    ["the weather in Yes is nice today I think", undefined],
  ])("%p is %p", (heard, meant) => {
    expect(understandYes(heard)).toBe(meant as boolean);
  });
});

test("sent events are read however they are cut", () => {
  const stream =
    ': hello\n\nid: 7\nevent: approval.opened\ndata: {"a":"x: y"}\n\n: still here\n\nid: 8\nevent: b\ndata: {}\n\n';
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: stream.length }), { maxLength: 6 }), (cuts) => {
      const at = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
      const read = createEventReader();
      const events = at.slice(1).flatMap((end, index) => read(stream.slice(at[index], end)));
      expect(events).toEqual([
        { id: "7", kind: "approval.opened", data: { a: "x: y" } },
        { id: "8", kind: "b", data: {} },
      ]);
    }),
  );
});

test.each([
  [60_000, "1 min left"],
  [119 * 60_000, "119 min left"],
  [180 * 60_000, "3 h left"],
  [-1, "over"],
])("%d ms before the end it says %s", (ms, told) => {
  const now = Date.parse("2026-01-01T00:00:00Z");
  expect(timeLeft(new Date(now + ms).toISOString(), now)).toBe(told);
});
