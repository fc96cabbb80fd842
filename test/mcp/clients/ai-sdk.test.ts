import { describe, expect, test } from "bun:test";
import { binary } from "../../support/binary.ts";
import { createHome } from "../../support/home.ts";
import { bootServer } from "../../support/server.ts";
import { createLetters, toyAdapter } from "../../support/toys.ts";
import { aiSdk, type Elicit } from "./ai-sdk.ts";
import { type Called, failureOf } from "./reached.ts";

describe("the AI SDK, which can ask its person with a form", () => {
  const asked: string[] = [];
  const yes: Elicit = ({ params }) => {
    asked.push(params.message);
    return { action: "accept", content: { confirm: true } };
  };
  const no: Elicit = () => ({ action: "decline" });

  test.each([
    ["ask", yes, { data: { id: "1" } }, ["Send a letter to Ada?\nto: Ada"]],
    ["ask", no, { failure: expect.stringContaining("(declined)") }, []],
    ["approve", yes, { failure: expect.stringContaining("(approval_required)") }, []],
    ["deny", yes, { failure: expect.stringContaining("(forbidden)") }, []],
  ])("AGENT_WRITES=%s", async (AGENT_WRITES, elicit, result, questions) => {
    asked.length = 0;
    const own = createLetters();
    await using place = await bootServer({
      adapters: [toyAdapter(own.tool)],
      env: { APPROVAL_WAIT_S: "0", AGENT_WRITES },
    });
    const token = place.app.localToken();
    const reached = await aiSdk({ kind: "token", home: "", url: `${place.origin}/mcp`, token }, elicit);
    expect(reached.revision).toBe("2026-07-28");
    expect(await reached.call("letters_send", { to: "Ada" })).toEqual(result);
    expect([asked, own.sent]).toEqual([questions, "data" in result ? [{ to: "Ada" }] : []]);
    await reached.close();
  });

  test("by pipes too: the binary asks where the setting lets it, and not otherwise", async () => {
    asked.length = 0;
    using own = createHome();
    const env = { PATH: process.env.PATH ?? "", HOME: own.path, MCQUEEN_HOME: own.path, VAULT_KEY: "file" };
    const command = [await binary(), "--sandbox", "mcp"];
    const say = async (more: Record<string, string>): Promise<Called> => {
      const way = { kind: "pipes" as const, home: own.path, command, env: { ...env, APPROVAL_WAIT_S: "0", ...more } };
      const reached = await aiSdk(way, yes);
      const called = await reached.call("notes_add", { title: "Milk" });
      await reached.close();
      return called;
    };
    expect(failureOf(await say({}))).toContain("(approval_required)");
    expect(asked).toEqual([]);
    expect(await say({ AGENT_WRITES: "ask" })).toMatchObject({ data: { note: { title: "Milk" } } });
    expect(asked).toEqual(["Add a note “Milk”?\ntitle: Milk"]);
  }, 60_000);
});
