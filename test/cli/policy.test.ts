import { afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { binary } from "../support/binary.ts";
import { add, createNotesHome } from "../support/sandbox-notes.ts";

setDefaultTimeout(20_000);
const approve = { POLICY: "cli.write=approve" };
let home: ReturnType<typeof createNotesHome>;
beforeAll(async () => void (await binary()));
beforeEach(() => {
  home = createNotesHome();
});
afterEach(() => home[Symbol.dispose]());

const outcome = async (words: string[], env?: Record<string, string>) => {
  const { exit, out, err } = await home.at(words, env);
  return { exit, said: out + err };
};

/** Asks for a write that needs an approval, and gives the approval's id. */
async function askFor(title: string): Promise<string> {
  const { exit, json } = await home.at(add(title, "--yes", "--json"), approve);
  expect([exit, json.error_code]).toEqual([4, "approval_required"]);
  return json.metadata.approval_id;
}

describe("a write without a terminal", () => {
  test("stops with its sentence and exit 4, and --yes makes it", async () => {
    const stopped = await home.at(add("Milk"));
    expect([stopped.exit, stopped.out]).toEqual([4, ""]);
    expect(stopped.err).toContain("Voice confirmation required for: action, title");
    expect((await home.at(add("Milk", "--json"))).json.metadata).toMatchObject({
      requires_confirmation: ["action", "title"],
      confirmation_prompt: "Add a note “Milk”?",
    });
    expect(home.titles()).toEqual([]);
    expect(await outcome(add("Milk", "--yes"))).toMatchObject({
      exit: 0,
      said: expect.stringContaining("title: Milk"),
    });
    expect(home.titles()).toEqual(["Milk"]);
  });

  test("a yes on stdin is none", async () => {
    const piped = await home.at(add("Milk"), {}, "y\ny\n");
    expect(piped.exit).toBe(4);
    expect(home.titles()).toEqual([]);
  });

  test("--dry-run makes nothing and says what would be sent", async () => {
    for (const more of [[], ["--yes"]]) {
      const dry = await home.at(add("Milk", "--dry-run", "--json", ...more));
      expect([dry.exit, dry.json.data]).toEqual([
        0,
        {
          dry_run: true,
          action: "add",
          effect: "write",
          parameters: { title: "Milk" },
          prompt: "Add a note “Milk”?",
        },
      ]);
    }
    expect(await outcome(["run", "notes", "remove", "--note-id", "note_000000000000", "--dry-run"])).toMatchObject({
      exit: 0,
      said: expect.stringContaining("effect: destructive"),
    });
    expect(home.titles()).toEqual([]);
  });

  test("an idempotency key makes one note of two calls, and other parameters are a conflict", async () => {
    const first = await home.at(add("Milk", "--yes", "--json", "--idempotency-key", "k1"));
    const second = await home.at(add("Milk", "--yes", "--json", "--idempotency-key", "k1"));
    expect([first.exit, second.exit]).toEqual([0, 0]);
    expect(second.json.data).toEqual(first.json.data);
    expect(second.json.metadata).toMatchObject({ replayed: true });
    expect(home.titles()).toEqual(["Milk"]);
    expect(await outcome(add("Bread", "--yes", "--idempotency-key", "k1"))).toMatchObject({
      exit: 6,
      said: expect.stringContaining("belongs to a call with other parameters"),
    });
    expect(home.titles()).toEqual(["Milk"]);
  });
});

describe("what is forbidden", () => {
  const rows: [name: string, words: string[], env: Record<string, string>, exit: number, said: string][] = [
    ["--read-only, a write", ["--read-only", ...add("X", "--yes")], {}, 8, "only reading is allowed here"],
    ["--read-only, a read", ["--read-only", "run", "notes"], {}, 0, "notes:"],
    ["READ_ONLY, a write", add("X", "--yes"), { READ_ONLY: "1" }, 8, "only reading is allowed here"],
    ["READ_ONLY, a dry run", add("X", "--dry-run"), { READ_ONLY: "1" }, 8, "only reading is allowed here"],
    ["READ_ONLY, a read", ["run", "notes", "list"], { READ_ONLY: "1" }, 0, "notes:"],
    ["TOOLS_DENY, a write", add("X", "--yes"), { TOOLS_DENY: "notes" }, 8, "Tool notes is not allowed here"],
    ["TOOLS_DENY, a read", ["run", "notes"], { TOOLS_DENY: "get_weather, notes" }, 8, "Tool notes is not allowed here"],
    ["TOOLS_ALLOW, another", ["run", "notes"], { TOOLS_ALLOW: "get_weather" }, 8, "Tool notes is not allowed here"],
    ["POLICY deny", add("X", "--yes"), { POLICY: "cli.write=deny" }, 8, "notes add is not allowed for this caller"],
    ["POLICY broken", add("X", "--yes"), { POLICY: "cli.write=perhaps" }, 2, "POLICY"],
  ];
  test.each(rows)("%s", async (_name, words, env, exit, said) => {
    const ran = await outcome(words, env);
    expect(ran).toEqual({ exit, said: expect.stringContaining(said) });
    expect(home.titles()).toEqual([]);
  });

  test("a setting cannot be loosened by a weaker one", async () => {
    const ran = await outcome(add("X"), { POLICY: "*.write=allow" });
    expect(ran).toEqual({ exit: 4, said: expect.stringContaining("Voice confirmation required") });
  });
});

describe("a write whose policy is approve", () => {
  test("is not made by --yes, and the answer names no way to approve it", async () => {
    for (const form of [[], ["--json"]]) {
      const ran = await outcome(add("Milk", "--yes", ...form), approve);
      expect(ran).toEqual({ exit: 4, said: expect.stringContaining("A person has been asked to approve this") });
      expect(ran.said).not.toMatch(/mcqueen|approvals|http|\/approve/);
    }
    expect(home.titles()).toEqual([]);
    expect((await home.at(["run", "notes"], approve)).exit).toBe(0);
  });

  test("waits in the list, once however often it was asked for, and is shown whole", async () => {
    const id = await askFor("Milk");
    expect(await askFor("Milk")).toBe(id);
    const { approvals } = (await home.at(["approvals", "list", "--json"])).json;
    expect(approvals).toMatchObject([
      { id, tool: "notes", action: "add", status: "pending", parameters: { title: "Milk" } },
    ]);
    expect((await home.at(["approvals", "list"])).out).toMatch(
      new RegExp(`^${id} +pending +cli asks +Add a note “Milk”\\?`),
    );
    const shown = await home.at(["approvals", "show", id]);
    expect([shown.exit, shown.out]).toEqual([0, expect.stringContaining("what: Add a note “Milk”?")]);
    expect((await home.at(["approvals", "show", "apr_000000000000"])).exit).toBe(6);
  });

  test("is not approved without a terminal, whatever stands on stdin", async () => {
    const id = await askFor("Milk");
    const tried = await home.at(["approvals", "approve", id], {}, "123456\n");
    expect([tried.exit, tried.err]).toEqual([8, expect.stringContaining("wants a person at a terminal")]);
    expect((await home.at(["approvals", "show", id, "--json"])).json.approval.status).toBe("pending");
    expect(home.titles()).toEqual([]);
  });

  test("is denied from anywhere, which is told to whoever looks, and settles it", async () => {
    const id = await askFor("Milk");
    expect(await outcome(["approvals", "deny", id])).toEqual({ exit: 0, said: `Denied ${id}. Nothing was done.\n` });
    expect((await home.at(["approvals", "show", id])).out).toContain("Outcome: A person said no, so nothing was done");
    expect((await home.at(["approvals", "list"])).out).toBe("Nothing waits for you.\n");
    expect((await home.at(["approvals", "list", "--all"])).out).toContain("denied");
    expect(await outcome(["approvals", "deny", id])).toMatchObject({
      exit: 6,
      said: expect.stringContaining("was denied"),
    });
    expect(home.titles()).toEqual([]);
  });

  test("--wait ends with what another process decided", async () => {
    const waiting = home.at(add("Milk", "--yes", "--wait", "15", "--json"), approve);
    let id: string | undefined;
    for (let tries = 0; id === undefined && tries < 100; tries++) {
      await Bun.sleep(50);
      id = (await home.at(["approvals", "list", "--json"])).json.approvals[0]?.id;
    }
    expect((await home.at(["approvals", "deny", String(id)])).exit).toBe(0);
    const { exit, json } = await waiting;
    expect([exit, json.error_code, json.error]).toEqual([4, "declined", "A person said no, so nothing was done"]);
  });

  test("--wait ends by itself when nobody answers, and must be a sane number", async () => {
    expect(await outcome(add("Milk", "--yes", "--wait", "1"), approve)).toMatchObject({
      exit: 4,
      said: expect.stringContaining("nothing was done yet"),
    });
    for (const wait of ["-1", "301", "soon"]) expect((await home.at(add("X", "--yes", "--wait", wait))).exit).toBe(2);
  });
});

describe("the policy itself", () => {
  test("is printed as a table, with what the setting demands", async () => {
    const { out } = await home.at(["policy"], { POLICY: "rest.write=approve" });
    expect(out).toMatch(/entrance +read +write +destructive\nterminal +allow +ask +ask/);
    expect(out).toMatch(/mcp +allow +approve +approve/);
    expect(out).toMatch(/At least, by the setting POLICY\nrest\.write +approve/);
    expect((await home.at(["policy", "--json"])).json).toMatchObject({ success: true, rules: [], at_least: [] });
  });

  test.each([[["set", "rest", "write", "allow"]], [["set", "rest", "write", "deny"]], [["unset", "rest", "write"]]])(
    "policy %p is refused without a terminal",
    async (words) => {
      const tried = await home.at(["policy", ...words], {}, "123456\n");
      expect([tried.exit, tried.err]).toEqual([
        8,
        expect.stringContaining("Changing the policy wants a person at a terminal"),
      ]);
      expect((await home.at(["policy"])).out).toContain("No rules of your own.");
    },
  );
});
