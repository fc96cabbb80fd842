import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { type Ran, run } from "../support/binary.ts";
import { consentAt } from "../support/google.ts";
import { createHome } from "../support/home.ts";
import { beginLogin } from "../support/login.ts";

setDefaultTimeout(20_000);
let home: ReturnType<typeof createHome>;
beforeAll(() => {
  home = createHome();
});
afterAll(() => home[Symbol.dispose]());

const at = (...words: string[]): Promise<Ran> => run(["--sandbox", ...words], { home: home.path });
const link = async (account: string, email: string): Promise<void> => {
  await using login = await beginLogin(home.path, ["google", "--account", account, "--no-browser"]);
  await (await fetch(await consentAt(await login.url(), { email }))).text();
  expect((await login.ended()).exit).toBe(0);
};

describe("words that are not understood", () => {
  const rows: [words: string[], exit: number, code: string, says: string][] = [
    [["login"], 2, "usage", "Missing required argument"],
    [["login", "gogle"], 6, "not_found", "Did you mean google?"],
    [["login", "gamil"], 6, "not_found", "Did you mean gmail?"],
    [
      ["login", "teapot"],
      6,
      "not_found",
      "There is no service teapot.\n  One of: google, gmail, google_calendar, slack, whatsapp, linkedin\n",
    ],
    [["login", "gmail", "--mnual"], 2, "usage", "Did you mean --manual?"],
    [["login", "gmail", "--account", "a b"], 2, "invalid_parameters", "must begin with a letter or digit"],
    [["login", "gmail", "--action", "fly"], 2, "invalid_parameters", "names fly"],
    [["login", "gmail", "--token"], 2, "usage", "mcqueen --sandbox login gmail --token < token.txt"],
    [["login", "gmail", "more"], 2, "usage", "Too many arguments"],
    [["logout"], 2, "usage", "Missing required argument"],
    [["logout", "gogle"], 6, "not_found", "One of: google, gmail"],
    [["logout", "google", "--account", "none"], 6, "not_found", "under the name none"],
    [["accounts", "lst"], 2, "usage", "Did you mean list?"],
    [["accounts", "default"], 2, "usage", "Which account?"],
    [["accounts", "rename", "work"], 2, "usage", "What is its new name?"],
    [["accounts", "rename", "none", "work"], 6, "not_found", "There is no account none"],
    [["acounts"], 2, "usage", "Did you mean accounts?"],
  ];
  test.each(rows)("%p ends with %p and %p", async (words, exit, code, says) => {
    const [shown, asJson] = await Promise.all([at(...words), at(...words, "--json")]);
    expect([shown.exit, shown.out, shown.err]).toEqual([exit, "", expect.stringContaining(says)]);
    expect([asJson.exit, asJson.json]).toEqual([exit, expect.objectContaining({ success: false, error_code: code })]);
  });
});

test.each(["history", "history verify", "accounts", "list", "stats", "nothing"])(
  "the sandbox says so in the metadata of: %s",
  async (words) => expect((await at(...words.split(" "), "--json")).json.metadata).toEqual({ sandbox: true }),
);

test("a command that is named in the sandbox works there", async () => {
  expect((await at("run", "email_personal", "search", "--account", "none")).err).toContain(
    "Run: mcqueen --sandbox login gmail --account none\n",
  );
});

test("accounts are listed, chosen and renamed, and logging out takes them away", async () => {
  expect((await at("accounts")).err).toContain("No account is linked. Run: mcqueen --sandbox login google");
  await link("work", "grace.hopper@example.com");
  await link("home", "ada.lovelace@example.com");
  const listed = await at("accounts");
  expect(listed.out).toMatch(/^work \* {2}google {2}grace\.hopper@example\.com {2}gmail, google_calendar$/m);
  expect(listed.err).toContain("* is used where none is named.");

  expect((await at("accounts", "default", "home")).out).toBe("home (google) is the default now.\n");
  expect((await at("accounts", "rename", "home", "private")).out).toBe("home is called private now.\n");
  expect((await at("accounts", "rename", "private", "work")).exit).toBe(6);
  const { json } = await at("accounts", "--json");
  expect(json).toMatchObject({ success: true, total: 2, metadata: { sandbox: true } });
  expect(json.accounts.map((each: Record<string, unknown>) => [each.account, each.default])).toEqual([
    ["work", false],
    ["private", true],
  ]);

  const first = await at("logout", "gmail", "--account", "work");
  expect(first.out).toBe("SANDBOX Unlinked gmail of work; its other services stay.\n");
  const both = await at("logout", "google", "--json");
  expect(both.json.unlinked).toMatchObject([
    { account: "work", services: ["google_calendar"], revoked: true },
    { account: "private", services: ["gmail", "google_calendar"], revoked: true },
  ]);
  expect((await at("logout", "google")).exit).toBe(6);
});
