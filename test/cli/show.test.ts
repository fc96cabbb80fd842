import { afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { binary, run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";

setDefaultTimeout(30_000);
let home: ReturnType<typeof createHome>;
beforeAll(async () => void (await binary()));
beforeEach(() => {
  home = createHome();
});
afterEach(() => home[Symbol.dispose]());
const at = (words: string[]) => run(words, { home: home.path });

describe("parameters that are refused name the command that explains them", () => {
  test.each([
    [["run", "get_weather"], "Run: mcqueen show get_weather"],
    [["run", "get_weather", "--params", '{"location": "Oslo", "colour": 1}'], "Run: mcqueen show get_weather"],
    [["run", "email_personal", "send", "--to", "a@example.org"], "Run: mcqueen show email_personal send"],
    [["run", "email_personal"], "One of: send, search, read, list_labels\nRun: mcqueen show email_personal"],
    [["run", "email_personal", "sent"], "Run: mcqueen show email_personal"],
  ])("%j", async (words, hint) => {
    const { exit, json } = await at([...words, "--json", "--quiet"]);
    expect([exit, json.error_code, json.hint]).toEqual([2, "invalid_parameters", hint]);
    expect((await at(words)).err).toContain(`\n  ${hint.replace("\n", "\n  ")}\n`);
    const shown = hint.split("mcqueen ").at(-1)?.split(" ") ?? [];
    expect((await at(shown)).exit).toBe(0);
  });
});

test("one action is shown with its own parameters", async () => {
  const { tool } = (await at(["show", "email_personal", "read", "--json"])).json;
  expect(tool.actions.map(({ id }: { id: string }) => id)).toEqual(["read"]);
  const names = tool.parameters.map(({ name }: { name: string }) => name);
  expect(names).toContain("message_id");
  expect(names).not.toContain("subject");
  const { out } = await at(["show", "email_personal", "send"]);
  expect(out).toMatch(/ body +string +required/);
  expect(out).toEndWith("Run: mcqueen run email_personal send --help\n");
  const typo = await at(["show", "email_personal", "sned"]);
  expect([typo.exit, typo.err]).toEqual([6, expect.stringContaining("Did you mean send?")]);
});
