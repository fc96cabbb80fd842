import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createConceal, withholding } from "../../src/core/conceal.ts";

describe("a refusal that repeats what it was sent", () => {
  const sent = 'Meet "me" at 5 & bring\nthe plans';
  const repeated: [how: string, said: string][] = [
    ["as it is", sent],
    ["as JSON", JSON.stringify({ text: { body: sent } })],
    ["as a form", String(new URLSearchParams({ text: sent }))],
    ["as a part of an address", encodeURIComponent(sent)],
  ];
  test.each(repeated)("%s: without it", (_how, said) => {
    const shown = withholding(["token-1234", sent])(`No: ${said} (token-1234)`);
    expect(shown).toContain("[redacted]");
    expect([shown.includes("Meet"), shown.includes("plans"), shown.includes("1234")]).toEqual([false, false, false]);
  });

  test("what holds nothing of it stays as it is, and short words are not searched for", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (said) => {
        expect(withholding(["zq-not-in-there-zq", "no"])(said)).toBe(said);
      }),
      { numRuns: 100 },
    );
    expect(withholding(["no"])("There is no such channel")).toBe("There is no such channel");
  });
});

describe("an outcome that holds a known secret", () => {
  const conceal = createConceal(() => secrets);
  const secrets = ['to"ken\n-1234', "123456", "short"];
  const rows: [value: unknown, shown: unknown][] = [
    [{ said: 'your to"ken\n-1234!' }, { said: "your [redacted]!" }],
    [
      { list: ["a 123456 b", 123456, 91234567, true, null] },
      { list: ["a [redacted] b", "[redacted]", 91234567, true, null] },
    ],
    [{ "key 123456": { deep: [{ "123456": 1 }] } }, { "key [redacted]": { deep: [{ "[redacted]": 1 }] } }],
    [{ said: "short" }, { said: "short" }],
  ];
  test.each(rows)("%j", (value, shown) => {
    expect(conceal(value)).toEqual(shown);
  });

  test("whatever the secret and the value are, it is gone, and nothing breaks", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 6 }), fc.jsonValue(), fc.nat(), (secret, value, number) => {
        const hide = createConceal(() => [secret]);
        const safe = JSON.stringify(hide({ value, number, said: `<${secret}>` }));
        expect(safe.includes(`<${JSON.stringify(secret).slice(1, -1)}>`)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});
