import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { checkedUrl, openUrl } from "../../cli/open-url.ts";

describe("what may be opened", () => {
  const good: [url: string, anyHttp: boolean, href: string][] = [
    ["https://example.org/x?y=1#z", false, "https://example.org/x?y=1#z"],
    ["http://127.0.0.1:8080/callback", false, "http://127.0.0.1:8080/callback"],
    ["http://127.1/", false, "http://127.0.0.1/"],
    ["http://localhost:3001/docs", false, "http://localhost:3001/docs"],
    ["http://[::1]:9/", false, "http://[::1]:9/"],
    ["http://app.localhost/", false, "http://app.localhost/"],
    ["http://example.org/", true, "http://example.org/"],
    ["https://a.example/$(touch x)`id`;'\"|&&", false, "https://a.example/$(touch%20x)%60id%60;'%22|&&"],
    [" https://a.example/\n--help", false, "https://a.example/--help"],
  ];
  test.each(good)("%j (any http: %s) is %s", (url, anyHttp, href) => {
    expect(checkedUrl(url, { anyHttp }).href).toBe(href);
  });

  const bad = [
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "file:///etc/passwd",
    "data:text/html,x",
    "ftp://a.example/",
    "vscode://x",
    "--help",
    "-e",
    "$(touch x)",
    "/etc/passwd",
    "a.example",
    "",
    "https://",
    "https://user@a.example/",
    "https://user:pw@a.example/",
  ];
  test.each(bad)("%j is not, with or without any http", async (url) => {
    await expect(openUrl(url)).rejects.toMatchObject({ code: "usage" });
    await expect(openUrl(url, { anyHttp: true })).rejects.toMatchObject({ code: "usage" });
  });

  test.each([
    "http://example.org/",
    "http://127.0.0.1.example.org/",
    "http://localhost.example.org/",
    "http://10.0.0.1/",
    "http://127.0.0.1@evil.example/",
  ])("%s is not, unless the web gave it", async (url) => {
    await expect(openUrl(url)).rejects.toMatchObject({ code: "usage" });
  });

  test("whatever passes begins with http and holds nothing but plain characters", () => {
    const schemes = fc.constantFrom("https://", "http://", "-", "javascript:", "");
    fc.assert(
      fc.property(schemes, fc.string({ unit: "binary" }), (scheme, rest) => {
        try {
          expect(checkedUrl(scheme + rest, { anyHttp: true }).href).toMatch(/^https?:\/\/[\x21-\x7e]+$/);
        } catch (error) {
          expect(error).toMatchObject({ code: "usage" });
        }
      }),
      { numRuns: 500 },
    );
  });
});
