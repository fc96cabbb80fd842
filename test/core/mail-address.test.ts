import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { parseMailAddress } from "../../src/core/mail-address.ts";

describe("mail addresses", () => {
  test.each<[text: string, name: string | undefined, address: string]>([
    ["a@x.org", undefined, "a@x.org"],
    ["  a@x.org ", undefined, "a@x.org"],
    ["<a@x.org>", undefined, "a@x.org"],
    ["Ada <a@x.org>", "Ada", "a@x.org"],
    ["Ada Lovelace<a@x.org>", "Ada Lovelace", "a@x.org"],
    ['"Lovelace, Ada" <a@x.org>', "Lovelace, Ada", "a@x.org"],
    ['"The \\"Countess\\"" <a@x.org>', 'The "Countess"', "a@x.org"],
    ['"Ada <3 maths>" <a@x.org>', "Ada <3 maths>", "a@x.org"],
    ["李 <li+tag@bücher.example>", "李", "li+tag@bücher.example"],
    ["o'brien@x.org", undefined, "o'brien@x.org"],
  ])("%s", (text, name, address) => {
    expect(parseMailAddress(text)).toEqual(name === undefined ? { address } : { name, address });
  });

  test.each([
    "",
    "ada",
    "ada@",
    "@x.org",
    "ada@localhost",
    "a b@x.org",
    "a@x..org",
    "a@x.org, b@x.org",
    "a@x.org; b@x.org",
    "Ada, Bob <a@x.org>",
    "Ada <a@x.org> <b@x.org>",
    "Ada <a@x.org",
    '"Ada <a@x.org>',
    '"Ada" <b@x.org> <a@x.org>',
    "evil@x.org <a@x.org>",
    "Ada\r\nBcc: b@x.org <a@x.org>",
    "Ada\u2028 <a@x.org>",
    "a\u202e@x.org",
    `${"a".repeat(65)}@x.org`,
    `a@${"x".repeat(260)}.org`,
  ])("%p is none", (text) => {
    expect(parseMailAddress(text)).toBeUndefined();
  });

  test("whatever is taken holds no line break and one address", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        const parsed = parseMailAddress(`${text} <a@x.org>`);
        if (parsed) expect([parsed.address, /[\r\n]/.test(parsed.name ?? "")]).toEqual(["a@x.org", false]);
      }),
    );
  });
});
