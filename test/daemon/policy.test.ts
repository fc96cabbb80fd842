import { afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { binary, type Ran, run } from "../support/binary.ts";
import { add, createNotesHome } from "../support/sandbox-notes.ts";

setDefaultTimeout(30_000);
const execute = "/api/v1/mcp/tools/notes/execute";
const approvals = "/api/v1/mcp/approvals";
let home: ReturnType<typeof createNotesHome>;
let url: string;

beforeAll(async () => void (await binary()));
beforeEach(() => {
  home = createNotesHome();
});
afterEach(async () => {
  await home.at(["daemon", "stop"]);
  home[Symbol.dispose]();
});

async function start(env: Record<string, string> = {}): Promise<void> {
  const started = await home.at(["daemon", "start", "--port", "0", "--json"], env);
  expect({ exit: started.exit, err: started.exit === 0 ? "" : started.err }).toEqual({ exit: 0, err: "" });
  url = started.json.data.url;
}

const through = async (words: string[]): Promise<Ran> =>
  run(["--server", url, ...words], {
    home: home.path,
    env: { MCQUEEN_TOKEN: (await home.at(["daemon", "token"])).out.trim() },
  });

async function send(path: string, bearer: string, body?: unknown) {
  const response = await fetch(url + path, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${bearer}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, json: JSON.parse(text) as Ran["json"] };
}

/** Logs in over HTTP with a token that another program signed, as the app's own server would. */
async function logIn(user: string): Promise<string> {
  const secret = readFileSync(join(home.path, "sandbox", "keys", "jwt-secret"), "utf8").trim();
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = { user_id: user, exp: Math.floor(Date.now() / 1000) + 60, jti: crypto.randomUUID() };
  const text = `${encode({ alg: "HS256" })}.${encode(claims)}`;
  const auth_token = `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
  const { json } = await send("/api/v1/auth/login", "", { user_id: user, auth_token });
  return json.session.session_id;
}

describe("through a daemon", () => {
  test("a write wants its yes, and --read-only holds however the action is named", async () => {
    await start();
    expect((await through(add("A"))).exit).toBe(4);
    expect((await through(add("A", "--yes"))).exit).toBe(0);
    for (const words of [
      add("B", "--yes"),
      ["run", "notes", "--params", '{"action":"add","title":"B"}', "--yes"],
      ["run", "notes", "remove", "--note-id", "note_000000000000", "--yes"],
    ]) {
      const refused = await through(["--read-only", ...words]);
      expect({ words, exit: refused.exit }).toEqual({ words, exit: 8 });
      expect(refused.err).toContain("only reading is allowed here");
    }
    const read = await through(["--read-only", "run", "notes"]);
    expect([read.exit, read.out]).toEqual([0, expect.stringContaining("title: A")]);
    expect(home.titles()).toEqual(["A"]);
  });

  test("READ_ONLY, TOOLS_DENY and POLICY of the daemon hold for whoever comes", async () => {
    await start({ READ_ONLY: "1", POLICY: "rest.write=approve" });
    expect((await through(add("A", "--yes"))).exit).toBe(8);
    expect((await through(["run", "notes"])).exit).toBe(0);
    await home.at(["daemon", "stop"]);
    await start({ TOOLS_DENY: "notes" });
    expect((await through(["run", "notes"])).exit).toBe(8);
    await home.at(["daemon", "stop"]);
    await start({ POLICY: "rest.write=approve" });
    const asked = await through(add("A", "--yes"));
    expect([asked.exit, asked.err]).toEqual([4, expect.stringContaining("A person has been asked to approve this")]);
    expect((await through(["approvals", "list"])).out).toContain("rest asks");
    expect(home.titles()).toEqual([]);
  });

  test("history and stats are the same as on the computer itself; the chain is verified there only", async () => {
    await start();
    await through(add("A", "--yes"));
    // What was refused is written a moment after its answer.
    await Bun.sleep(200);
    for (const words of [
      ["history", "--json"],
      ["stats", "--json"],
    ]) {
      const here = (await home.at(words)).json;
      expect(here.metadata).toEqual({ sandbox: true });
      expect((await through(words)).json).toEqual({ ...here, metadata: {} });
    }
    const [first] = (await through(["history", "--json", "--limit", "1"])).json.entries;
    const next = (await through(["history", "--json", "--limit", "1", "--cursor", String(first.seq)])).json.entries;
    expect(next[0].seq).toBe(first.seq - 1);
    for (const words of [["history", "verify"], ["policy"], ["config", "export"]]) {
      expect((await through(words)).exit).toBe(2);
    }
  });
});

describe("a session whose writes want an approval", () => {
  beforeEach(async () => {
    await start({ POLICY: "rest.write=approve" });
    await home.at(["users", "add", "ada"]);
  });

  const yes = { voice_confirmations: { action: true, title: "Milk" } };
  const ask = (bearer: string) => send(execute, bearer, { parameters: { action: "add", title: "Milk" }, ...yes });

  test("makes none by saying yes to everything, nor approves its own; another screen does, once", async () => {
    const [phone, screen] = [await logIn("ada"), await logIn("ada")];
    const { status, json, text } = await ask(phone);
    expect([status, json.success, json.error_code]).toEqual([200, false, "approval_required"]);
    expect(text).not.toMatch(/mcqueen|\/approve|http/);
    const path = `${approvals}/${json.metadata.approval_id}`;
    expect((await send(`${path}/approve`, phone, {})).status).toBe(403);
    expect(home.titles()).toEqual([]);
    expect((await send(path, screen)).json.approval).toMatchObject({ prompt: "Add a note “Milk”?", status: "pending" });
    const tries = await Promise.all([1, 2, 3].map(() => send(`${path}/approve`, screen, {})));
    expect(tries.map((each) => each.status).sort()).toEqual([200, 409, 409]);
    expect(home.titles()).toEqual(["Milk"]);
    expect((await send(`${path}/outcome`, phone)).json).toMatchObject({
      success: true,
      data: { note: { title: "Milk" } },
    });
  });

  test("learns of a no while it waits", async () => {
    const [phone, screen] = [await logIn("ada"), await logIn("ada")];
    const parameters = { action: "add", title: "Milk" };
    const waiting = send(execute, phone, { parameters, ...yes, wait_s: 20 });
    let id: string | undefined;
    for (let tries = 0; id === undefined && tries < 200; tries++) {
      await Bun.sleep(20);
      id = (await send(approvals, screen)).json.approvals[0]?.id;
    }
    expect((await send(`${approvals}/${id}/deny`, screen, {})).status).toBe(200);
    expect((await waiting).json).toMatchObject({ success: false, error_code: "declined" });
    expect(home.titles()).toEqual([]);
  });

  test("belongs to its user: the owner's terminal neither sees nor settles it", async () => {
    const { json } = await ask(await logIn("ada"));
    const id = json.metadata.approval_id;
    expect((await home.at(["approvals", "list", "--all"])).out).toBe("Nothing waits for you.\n");
    expect((await home.at(["approvals", "deny", id])).exit).toBe(6);
    expect((await home.at(["history", "--json"])).out).not.toContain(id);
  });
});
