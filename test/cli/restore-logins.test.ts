import { beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { binary, type Ran, run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";

setDefaultTimeout(60_000);
beforeAll(async () => void (await binary()));

test("a login token that was used since the backup opens nothing after a restore", async () => {
  using home = createHome();
  const at = (...words: string[]): Promise<Ran> => run(words, { home: home.path });
  const token = (await at("users", "token", "owner")).out.trim();
  const { path } = (await at("backup", "--json")).json.data;
  const logIn = async (): Promise<number> => {
    const { url } = (await at("daemon", "start", "--port", "0", "--json")).json.data;
    const body = JSON.stringify({ user_id: "owner", auth_token: token });
    const headers = { "content-type": "application/json" };
    const { status } = await fetch(`${url}/api/v1/auth/login`, { method: "POST", headers, body });
    await at("daemon", "stop");
    return status;
  };
  expect(await logIn()).toBe(200);
  const restored = await at("restore", path, "--yes");
  expect([restored.exit, restored.err.includes("login token")]).toEqual([0, false]);
  expect(await logIn()).toBe(401);
});
