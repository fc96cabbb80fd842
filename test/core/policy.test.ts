import { describe, expect, test } from "bun:test";
import type { Caller } from "../../src/core/call.ts";
import { type AgentWrites, createPolicy, type PolicyRule, parsePolicySetting } from "../../src/core/policy.ts";
import { callOf, owner } from "../support/home.ts";
import { createLetters } from "../support/toys.ts";

const { tool } = createLetters();
const [write, read] = tool.actions;
const destructive = write && { ...write, effect: "destructive" as const };
const grant = { tools: undefined, writes: "ask", destructive: "deny" } as const;
const callers: Record<string, Caller> = {
  terminal: { ...owner, interactive: true, credentialId: "terminal" },
  cli: owner,
  rest: { ...owner, entrance: "rest", credentialId: "ses_1" },
  device: { ...owner, entrance: "device", credentialId: "dev_1" },
  token: { ...owner, entrance: "rest", credentialId: "tok_1", grant },
  mcp: { ...owner, entrance: "mcp", credentialId: "mcl_2" },
  "asking mcp": { ...owner, entrance: "mcp", credentialId: "mcl_2", interactive: true },
  "token at mcp": { ...owner, entrance: "mcp", credentialId: "tok_1", grant },
};

const decide = (
  rules: PolicyRule[],
  who: string,
  action = write,
  atLeast: PolicyRule[] = [],
  agentWrites?: AgentWrites,
) => {
  const caller = callers[who];
  if (!caller || !action) throw new Error("no such row");
  return createPolicy({ list: async () => rules }, atLeast, agentWrites).decide(
    callOf(tool.id, {}, { caller }),
    tool,
    action,
  );
};

const rule = (entrance: string, effect: string, decision: string, tool = "*", credential = "*") =>
  ({ entrance, effect, decision, tool, credential }) as PolicyRule;

describe("what holds without rules", () => {
  const rows: [who: string, reads: string, writes: string, destroys: string][] = [
    ["terminal", "allow", "ask", "ask"],
    ["cli", "allow", "ask", "ask"],
    ["rest", "allow", "ask", "ask"],
    ["device", "allow", "ask", "ask"],
    ["token", "allow", "ask", "deny"],
    ["mcp", "allow", "approve", "approve"],
  ];
  test.each(rows)("%s", async (who, reads, writes, destroys) => {
    expect([
      await decide([], who, read),
      await decide([], who),
      await decide([], who, destructive),
    ] as string[]).toEqual([reads, writes, destroys]);
  });
});

describe("what an agent's write needs", () => {
  const rows: [setting: AgentWrites | undefined, who: string, writes: string, destroys: string][] = [
    [undefined, "mcp", "approve", "approve"],
    [undefined, "asking mcp", "approve", "approve"],
    ["approve", "asking mcp", "approve", "approve"],
    ["ask", "asking mcp", "ask", "approve"],
    ["ask", "mcp", "approve", "approve"],
    ["deny", "asking mcp", "deny", "deny"],
    ["ask", "token at mcp", "approve", "deny"],
    ["ask", "rest", "ask", "ask"],
    ["deny", "terminal", "ask", "ask"],
  ];
  test.each(rows)("with %s, for %s", async (setting, who, writes, destroys) => {
    const least: PolicyRule[] = [];
    expect([
      await decide([], who, write, least, setting),
      await decide([], who, destructive, least, setting),
      await decide([], who, read, least, setting),
    ] as string[]).toEqual([writes, destroys, "allow"]);
  });
});

describe("rules", () => {
  const rows: [name: string, rules: PolicyRule[], who: string, decision: string][] = [
    ["one for the door", [rule("rest", "write", "approve")], "rest", "approve"],
    ["one for another door", [rule("cli", "write", "deny")], "rest", "ask"],
    ["one for every door", [rule("*", "*", "deny")], "terminal", "deny"],
    ["the door before every door", [rule("*", "*", "deny"), rule("rest", "*", "allow")], "rest", "allow"],
    [
      "the tool before the door",
      [rule("rest", "write", "allow"), rule("*", "*", "approve", "letters")],
      "rest",
      "approve",
    ],
    ["another tool does not count", [rule("*", "*", "deny", "echo")], "rest", "ask"],
    [
      "the credential before the tool",
      [rule("*", "*", "deny", "letters"), rule("*", "*", "allow", "*", "ses_1")],
      "rest",
      "allow",
    ],
    ["the strictest among equals", [rule("rest", "*", "allow"), rule("rest", "*", "deny")], "rest", "deny"],
    ["a token by its id", [rule("token", "write", "approve", "*", "tok_1")], "token", "approve"],
  ];
  test.each(rows)("%s", async (_name, rules, who, decision) => {
    expect(await decide(rules, who)).toBe(decision as "deny");
  });

  test("the setting only tightens", async () => {
    const least = parsePolicySetting(["rest.write=approve", " *.destructive=deny "]) ?? [];
    expect(await decide([], "rest", write, least)).toBe("approve");
    expect(await decide([rule("rest", "write", "allow")], "rest", write, least)).toBe("approve");
    expect(await decide([rule("rest", "write", "deny")], "rest", write, least)).toBe("deny");
    expect(await decide([], "terminal", destructive, least)).toBe("deny");
    const asks = parsePolicySetting(["mcp.write=ask"]) ?? [];
    expect(await decide([rule("mcp", "write", "allow")], "asking mcp", write, asks)).toBe("ask");
  });

  test("a setting that does not read like one is refused", () => {
    for (const text of ["rest.write", "rest.write=maybe", "phone.write=deny", "rest=deny", ""]) {
      expect(parsePolicySetting([text])).toBeUndefined();
    }
  });
});
