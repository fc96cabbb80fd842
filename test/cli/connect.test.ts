import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Ran, run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";
import { bootServer } from "../support/server.ts";

let home: ReturnType<typeof createHome>;
let server: Awaited<ReturnType<typeof bootServer>>;
beforeEach(async () => {
  home = createHome();
  server = await bootServer();
});
afterEach(async () => {
  await server[Symbol.asyncDispose]();
  home[Symbol.dispose]();
});
const at = (words: string[], more: Partial<Parameters<typeof run>[1]> = {}): Promise<Ran> =>
  run(words, { home: home.path, ...more });

describe("connect", () => {
  test("tries the token, keeps both, and every command works there until disconnect", async () => {
    const token = server.app.localToken();
    const connected = await at(["connect", server.origin], { stdin: `${token}\n` });
    expect([connected.exit, connected.out]).toEqual([
      0,
      `Connected to ${server.origin} as owner. Back again: mcqueen disconnect\n`,
    ]);
    expect(connected.out + connected.err).not.toContain(token);
    expect(readFileSync(join(home.path, "config.toml"), "utf8")).not.toContain(token);
    await server.app.people.addUser(
      { userId: "owner", role: "admin", entrance: "cli", credentialId: "local", interactive: false },
      { id: "only-there" },
    );
    expect((await at(["users", "list"])).out).toContain("only-there");
    expect((await at(["disconnect"])).out).toContain("Disconnected");
    expect((await at(["users", "list"])).out).not.toContain("only-there");
  });

  test("a refused token and an address that is no daemon keep nothing", async () => {
    expect((await at(["connect", server.origin], { stdin: "mcq_t_wrong\n" })).exit).toBe(3);
    using other = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("hello") });
    expect((await at(["connect", `http://127.0.0.1:${other.port}`], { stdin: "x\n" })).exit).toBe(5);
    expect((await at(["connect", "http://192.0.2.1"], { stdin: "x\n" })).exit).toBe(2);
    expect((await at(["disconnect"])).out).toContain("You were not connected");
  });

  test("a kept token goes to no other server, by flag or by environment", async () => {
    await at(["connect", server.origin], { stdin: server.app.localToken() });
    const bearers: (string | null)[] = [];
    using other = Bun.serve({
      hostname: "127.0.0.1",
      port: 0,
      fetch(request) {
        bearers.push(request.headers.get("authorization"));
        return Response.json({ success: false, error: "no" });
      },
    });
    const elsewhere = `http://127.0.0.1:${other.port}`;
    expect((await at(["--server", elsewhere, "list"])).exit).toBe(3);
    expect((await at(["list"], { env: { MCQUEEN_SERVER: elsewhere } })).exit).toBe(3);
    expect(bearers).toEqual([]);
    await at(["--server", elsewhere, "list"], { env: { MCQUEEN_TOKEN: "given-here" } });
    expect(bearers).toEqual(["Bearer given-here"]);
  });
});
