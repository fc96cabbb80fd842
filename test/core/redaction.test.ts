import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createRedactor, scrub } from "../../src/core/redaction.ts";
import { makeSecret, randomText } from "../../src/core/secret.ts";

const makers: [kind: string, make: () => string][] = [
  ["a session", () => makeSecret("s")],
  ["a token", () => makeSecret("t")],
  ["the local token", () => `mcq_l_${randomText(32, "base64url")}`],
  ["a Google access token", () => `ya29.${randomText(32, "base64url")}`],
  ["a Slack token", () => `xoxb-${randomText(24, "hex")}`],
  ["a search key", () => `tvly-${randomText(24, "hex")}`],
  ["a Google client secret", () => `GOCSPX-${randomText(21, "base64url")}`],
];

/** Text around a token: anything, and what is known to stand beside one in addresses, JSON and headers. */
const around = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string(),
  fc.constantFrom(
    "%2F",
    "%2f",
    "%3D",
    "/",
    "a",
    "_",
    "-",
    "Z9",
    "Bearer ",
    "Basic%20",
    "?key=",
    "eyJhbGciOiJ9.",
    "mcq_",
  ),
  fc
    .array(fc.constantFrom("%2F", "a", "/", ".", "mcq_t_", "eyJabcdefgh.", " ", '"', "\\", "\n", "&code=", "://u:"))
    .map((parts) => parts.join("")),
);

describe("scrub", () => {
  test.each(makers)("%s never survives, whatever stands around it", (_, make) => {
    fc.assert(
      fc.property(around, around, (before, after) => {
        const token = make();
        const safe = scrub(`${before}${token}${after}`);
        const secretPart = token.slice(token.search(/[_.-](?=[^_.-]{2,})/) + 3);
        return !safe.includes(token) && !safe.includes(secretPart.slice(-16));
      }),
      { numRuns: 400 },
    );
  });

  test.each(["1//0gABCDEFabcdef", "EAABsbCS1iHgBAKZC"])("the short mark of %s needs a border", (token) => {
    for (const before of ["", " ", "%2F", '"', "="]) expect(scrub(before + token)).toBe(`${before}[redacted]`);
  });

  test("an encoded slash before and after", () => {
    const token = makeSecret("t");
    expect(scrub(`/api%2F${token}%2Fx`)).toBe("/api%2F[redacted]%2Fx");
    expect(scrub(encodeURIComponent(`/x?key=abc&y=${token}`))).not.toContain("abc");
  });

  test("a password in an address, and nothing of an innocent one", () => {
    expect(scrub("https://mia:hunter22@example.org/x")).toBe("https://[redacted]@example.org/x");
    expect(scrub("http://example.org:80/a@b?q=cat")).toBe("http://example.org:80/a@b?q=cat");
  });

  test("known secrets are hidden in every spelling that JSON and addresses give them", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 8, unit: "grapheme" }), around, around, (secret, before, after) => {
        fc.pre(!before.includes(secret) && !after.includes(secret) && !/^[redact[\]]+$/.test(secret));
        const { scrub } = createRedactor([secret]);
        const json = JSON.stringify(secret).slice(1, -1);
        const spellings = [secret, json, JSON.stringify(json).slice(1, -1), encodeURIComponent(secret)];
        return spellings.every((each) => !scrub(before + each + after).includes(each));
      }),
      { numRuns: 400 },
    );
  });

  test("a secret within another does not uncover the rest of it", () => {
    expect(createRedactor(["abcdef", "abcdef-the-rest"]).scrub("x abcdef-the-rest")).toBe("x [redacted]");
  });
});

describe("redact", () => {
  const { redact } = createRedactor(["hushhush77"]);

  test("by key, by form and by what is known, at every depth, in keys too", () => {
    expect(
      redact({
        password: "x",
        sessionId: "y",
        list: [{ deep: { note: "it is hushhush77", apiKey: 7 } }],
        hushhush77: 1,
        when: new Date(0),
        where: new URL("https://u:p@example.org/?code=abc"),
        bytes: new TextEncoder().encode("hushhush77"),
        toJSON: () => "hushhush77",
      }),
    ).toEqual({
      password: "[redacted]",
      sessionId: "[redacted]",
      list: [{ deep: { note: "it is [redacted]", apiKey: "[redacted]" } }],
      "[redacted]": 1,
      when: "1970-01-01T00:00:00.000Z",
      where: "https://[redacted]@example.org/?code=[redacted]",
      bytes: "[10 bytes]",
      toJSON: "[function]",
    });
  });

  test("an error is reduced to name, message, code and stack", () => {
    const error = Object.assign(new TypeError("no hushhush77", { cause: new Error("hushhush77") }), {
      code: "E_hushhush77",
      body: "hushhush77",
    });
    const reduced = redact({ error }) as { error: Record<string, unknown> };
    expect(Object.keys(reduced.error)).toEqual(["name", "message", "code", "stack"]);
    expect(reduced.error).toMatchObject({ name: "TypeError", message: "no [redacted]", code: "E_[redacted]" });
    expect(JSON.stringify(reduced)).not.toContain("hushhush77");
  });

  test("a thing that holds itself comes to an end", () => {
    const self: Record<string, unknown> = {};
    self.self = self;
    expect(JSON.stringify(redact(self))).toContain("[deep]");
  });
});
