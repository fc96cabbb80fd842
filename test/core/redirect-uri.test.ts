import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { matchesRedirect, redirectFault } from "../../src/core/redirect-uri.ts";

describe("what may be registered", () => {
  const good = [
    "https://app.example/cb",
    "https://app.example/cb?x=1",
    "http://127.0.0.1/cb",
    "http://127.0.0.1:8080/cb",
    "http://localhost:1/",
    "http://[::1]:9/cb",
    "cursor://anysphere.cursor-retrieval/oauth/callback",
    "vscode://vscode.github-authentication/did-authenticate",
    "com.example.app:/oauth",
  ];
  test.each(good)("%s may", (uri) => {
    expect(redirectFault(uri)).toBeUndefined();
  });
  const bad = [
    "",
    "x",
    "/cb",
    "//evil.example/cb",
    "http://app.example/cb",
    "http://127.0.0.2/cb",
    "http://2130706433.example/",
    "http://127.0.0.1.evil.example/cb",
    "http://user@127.0.0.1/cb",
    "https://user:pw@app.example/cb",
    "https://app.example/cb#part",
    "https://*.example/cb",
    "https:\\\\app.example\\cb",
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "vbscript:x",
    "blob:https://a.example/x",
    "about:blank",
    "mailto:a@b.example",
    "urn:ietf:wg:oauth:2.0:oob",
    "https://app.example/c b",
    "https://app.example/\u202ecb",
    `https://app.example/${"x".repeat(2_000)}`,
  ];
  test.each(bad)("%s may not", (uri) => {
    expect(redirectFault(uri)).toBeString();
  });
});

describe("what a request may name", () => {
  const port = fc.integer({ min: 1, max: 65_535 });
  const host = fc.constantFrom("127.0.0.1", "localhost", "[::1]");
  const path = fc
    .array(fc.stringMatching(/^[a-z0-9._~-]{1,8}$/), { maxLength: 3 })
    .map((parts) => `/${parts.filter((part) => !/^\.{1,2}$/.test(part)).join("/")}`);
  const run = { numRuns: 300 };

  test("on loopback any port, and nothing else may differ", () => {
    fc.assert(
      fc.property(host, path, port, port, fc.boolean(), (name, at, a, b, bare) => {
        const registered = `http://${name}${bare ? "" : `:${a}`}${at}`;
        expect(matchesRedirect(registered, `http://${name}:${b}${at}`)).toBe(true);
        expect(matchesRedirect(registered, `http://${name}${at}`)).toBe(true);
        for (const other of ["127.0.0.1", "localhost", "[::1]"].filter((each) => each !== name))
          expect(matchesRedirect(registered, `http://${other}:${b}${at}`)).toBe(false);
        expect(matchesRedirect(registered, `http://${name}:${b}${at}x`)).toBe(false);
        expect(matchesRedirect(registered, `http://${name}:${b}${at}?x=1`)).toBe(false);
        expect(matchesRedirect(registered, `https://${name}:${b}${at}`)).toBe(false);
      }),
      run,
    );
  });

  test("elsewhere the same text, sign by sign", () => {
    fc.assert(
      fc.property(path, port, (at, a) => {
        const registered = `https://app.example${at}`;
        expect(matchesRedirect(registered, registered)).toBe(true);
        for (const other of [
          `https://app.example:${a}${at}`,
          `https://APP.example${at}`,
          `https://app.example${at}/`,
          `https://app.example.evil.example${at}`,
          `https://evil.example/https://app.example${at}`,
          `http://app.example${at}`,
        ])
          expect(matchesRedirect(registered, other)).toBe(false);
      }),
      run,
    );
  });

  test("no text of any kind matches where the browser would go elsewhere", () => {
    const registered = "http://127.0.0.1/cb";
    const bits = fc.constantFrom(
      "http:",
      "https:",
      "//",
      "/",
      "\\",
      "@",
      ":",
      "127.0.0.1",
      "evil.example",
      "cb",
      "?",
      "#",
      "%2f",
      "..",
      "8080",
      "\t",
      " ",
    );
    fc.assert(
      fc.property(fc.array(bits, { maxLength: 12 }), (parts) => {
        const asked = parts.join("");
        if (!matchesRedirect(registered, asked)) return;
        const url = new URL(asked);
        expect([url.protocol, url.hostname, url.pathname, url.search, url.hash, url.username]).toEqual([
          "http:",
          "127.0.0.1",
          "/cb",
          "",
          "",
          "",
        ]);
      }),
      { numRuns: 5_000 },
    );
  });

  test("what is not a good address matches at most itself", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        if (a !== b) expect(matchesRedirect(a, b)).toBe(false);
      }),
      run,
    );
  });
});
