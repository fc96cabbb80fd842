import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { withholding } from "../../src/core/conceal.ts";

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
