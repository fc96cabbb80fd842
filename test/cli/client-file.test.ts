import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";

setDefaultTimeout(20_000);
const client = { client_id: "123-abc.apps.googleusercontent.com", client_secret: "GOCSPX-a-secret-of-mine" };
let home: ReturnType<typeof createHome>;
let file: string;
beforeEach(() => {
  home = createHome();
  file = join(home.path, "client.json");
});
afterEach(() => home[Symbol.dispose]());

/** Begins a login whose address nobody opens. */
const logIn = (...words: string[]) => run([...words, "--manual"], { home: home.path, stdin: "" });
const address = (shown: string): URL => new URL(/https:\/\/\S+/.exec(shown)?.[0] ?? "");
const keep = (content: unknown): void => writeFileSync(file, JSON.stringify(content));

describe("mcqueen login google --client-file", () => {
  test("keeps the client of a desktop app, for this login and the next", async () => {
    keep({ installed: { ...client, project_id: "mine", redirect_uris: ["http://localhost"] } });
    for (const words of [["--client-file", file], []]) {
      const { err } = await logIn("login", "google", ...words);
      const { origin, searchParams } = address(err.replace(file, ""));
      expect([origin, searchParams.get("client_id")]).toEqual(["https://accounts.google.com", client.client_id]);
      expect(searchParams.get("redirect_uri")).toBe("http://127.0.0.1:1/");
      expect(err).not.toContain(client.client_secret);
    }
    const settings = await run(["settings", "--json"], { home: home.path });
    expect(settings.out).not.toContain(client.client_secret);
  });

  test("that of a web application comes back to the public address only", async () => {
    keep({ web: client });
    const bare = await logIn("login", "google", "--client-file", file, "--json");
    expect([bare.exit, bare.json.error_code, bare.json.error]).toEqual([
      10,
      "not_configured",
      expect.stringContaining("PUBLIC_URL is needed"),
    ]);
    expect((await run(["settings", "set", "PUBLIC_URL", "https://home.example.org"], { home: home.path })).exit).toBe(
      0,
    );
    const { err } = await logIn("login", "google");
    expect(address(err).searchParams.get("redirect_uri")).toBe("https://home.example.org/connect/google/callback");
  });

  const wrong: [name: string, content: unknown][] = [
    ["another JSON", { hello: "world" }],
    ["a list", [client]],
    ["a client of another provider", { installed: { ...client, client_id: "Iv1.abc" } }],
    ["a client without a secret", { installed: { client_id: client.client_id } }],
    ["a service account", { type: "service_account", private_key: "-----BEGIN" }],
  ];
  test.each(wrong)("refuses %s, and keeps nothing", async (_name, content) => {
    keep(content);
    const refused = await logIn("login", "google", "--client-file", file);
    expect([refused.exit, refused.out]).toEqual([2, ""]);
    expect(refused.err).toContain("not the JSON of an OAuth client");
    expect((await logIn("login", "google")).exit).toBe(10);
  });

  test("is refused in the sandbox, whose client is known already", async () => {
    keep({ installed: client });
    const refused = await logIn("--sandbox", "login", "google", "--client-file", file);
    expect([refused.exit, refused.err]).toEqual([2, expect.stringContaining("leave --client-file out")]);
  });
});
