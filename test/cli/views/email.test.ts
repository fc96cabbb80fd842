import { describe, expect, test } from "bun:test";
import { createPaint } from "../../../cli/paint.ts";
import { sizeText } from "../../../cli/size.ts";
import { email } from "../../../cli/views/email.ts";

const paint = createPaint(false);
const show = (data: Record<string, unknown>, action: string): string =>
  email(data, { action, time_zone: "America/New_York" }, paint, (text) => text);

const found = (more: Record<string, unknown> = {}) => ({
  id: "abc",
  subject: "Tea",
  date: "2020-03-01T02:30:00Z",
  labels: [],
  unread: false,
  has_attachments: false,
  ...more,
});
const line = (more: Record<string, unknown>): string =>
  show({ messages: [found(more)] }, "search").split("\n")[0] ?? "";

describe("a list of mail", () => {
  test.each([
    ["Ada Lovelace <a@x.org>", "Ada Lovelace"],
    ['"Lovelace, Ada" <a@x.org>', "Lovelace, Ada"],
    ["<a@x.org>", "a@x.org"],
    ["a@x.org", "a@x.org"],
    ["Ada <a@x.org>, Bob <b@x.org>, c@x.org", "Ada +2"],
    ['"a, b" <a@x.org>, "c, d" <c@x.org>', "a, b +1"],
    ["Ada \x1b[31m<a@x.org>", "Ada \\x1b[31m"],
    ["", ""],
  ])("of %s names %s", (from, name) => {
    expect(line({ from })).toBe(`   29 Feb 2020  ${name ? `${name}  ` : ""}${name ? "" : "  "}Tea    abc`);
  });

  test("is quick also when thousands are addressed", () => {
    const to = Array.from({ length: 20_000 }, (_, n) => `"P, ${n}" <p${n}@x.org>`).join(", ");
    expect(line({ to, labels: ["SENT"] })).toContain("to P, 0 +19999");
  });

  test("says when there is nothing, and how to go on", () => {
    expect(show({ messages: [] }, "search")).toBe("No mail was found.");
    expect(show({ messages: [found()], next_page: "12\x1b" }, "search")).toEndWith("More: add --page-token 12\\x1b");
  });

  test("keeps long subjects and wide letters in their column", () => {
    const rows = show(
      { messages: [found({ subject: "x".repeat(200) }), found({ subject: "計".repeat(100) })] },
      "search",
    );
    const [first = "", second = ""] = rows.split("\n");
    expect([first, second].map((row) => Bun.stringWidth(row))).toEqual([71, 71]);
    expect(first).toContain("x…  ");
  });
});

describe("a message", () => {
  const message = {
    id: "abc",
    date: "2026-03-01T02:30:00Z",
    headers: { from: "Ada <a@x.org>", to: "b@x.org", subject: "Tea" },
    text: `Short\n\n> ${"word ".repeat(40)}\n${"y".repeat(170)}`,
    attachments: [{ id: "1", name: "a\nb.pdf", type: "application/pdf", size: 2_048 }],
    truncated: true,
  };

  test("has its headers, its text wrapped with quotes kept, and its files", () => {
    const lines = show(message, "read").split("\n");
    expect(lines.slice(0, 6)).toEqual([
      "From:    Ada <a@x.org>",
      "To:      b@x.org",
      "Date:    Saturday, 28 February 2026 at 21:30",
      "Subject: Tea",
      "",
      "Short",
    ]);
    expect(lines.filter((each) => Bun.stringWidth(each) > 80)).toEqual([]);
    expect(lines.filter((each) => each.startsWith("> word"))).toHaveLength(3);
    expect(lines.at(-4)).toBe("There is more; this is the beginning.");
    expect(lines.at(-1)).toBe("  1  a b.pdf  application/pdf  2.0 kB");
  });

  test("of a thread follows the one before", () => {
    const thread = show({ messages: [message, message], truncated: false }, "read");
    expect(thread.match(/^─{80}$/gm)).toHaveLength(1);
    expect(thread.match(/^Subject: Tea$/gm)).toHaveLength(2);
  });
});

test.each([
  [0, "0 bytes"],
  [1_023, "1023 bytes"],
  [1_536, "1.5 kB"],
  [26_214_400, "25.0 MB"],
])("%d is %s", (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});
