import { afterEach, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { binary, run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";

setDefaultTimeout(30_000);
let home: ReturnType<typeof createHome>;
beforeAll(async () => void (await binary()));
beforeEach(() => {
  home = createHome();
});
afterEach(() => home[Symbol.dispose]());

test.each([
  [["users", "add", "auth0|42"], "mcqueen users token 'auth0|42'\n"],
  [["connect", "https://x.example/?a=1&b=2"], "mcqueen connect 'https://x.example/?a=1&b=2' < token.txt"],
  [["run", "get_weather", "New York"], "--location 'New York'?"],
  [["--sandbox", "run", "email_personal", "list_labels", "--account", "my work"], "login gmail --account 'my work'"],
])("%j names a command that can be copied", async (words, told) => {
  const { out, err } = await run(words, { home: home.path, stdin: "" });
  expect(out + err).toContain(told);
});
