import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { connectAgent, eras, textsOf, yes } from "../support/agent.ts";
import { owner } from "../support/home.ts";
import { bootServer } from "../support/server.ts";
import { createLetters, createProbe, echo, toyAdapter } from "../support/toys.ts";

let letters: ReturnType<typeof createLetters>;
let server: Awaited<ReturnType<typeof bootServer>>;
let probed: (context: { signal: AbortSignal; progress(text: string): void }) => Promise<unknown>;

beforeEach(async () => {
  letters = createLetters();
  probed = async () => ({ fine: true });
  server = await bootServer({
    adapters: [
      toyAdapter(
        echo,
        letters.tool,
        createProbe((context) => probed(context)),
      ),
    ],
    env: { RATE_LIMIT_MAX: "100000", APPROVAL_WAIT_S: "0" },
  });
});
afterEach(() => server[Symbol.asyncDispose]());

describe.each(eras)("the protocol of %s", (era) => {
  const connect = (more = {}) => connectAgent(`${server.origin}/mcp`, server.app.localToken(), { era, ...more });

  test("each action is a tool, with a title, all four hints, and both schemas", async () => {
    await using agent = await connect();
    expect(agent.client.getServerVersion()).toMatchObject({ name: "mcqueen" });
    const { tools } = await agent.client.listTools();
    expect(tools.map(({ name }) => name)).toEqual(["echo", "letters_read", "letters_send", "probe"]);
    const [said, , send] = tools;
    expect(said).toMatchObject({
      title: "Echo",
      annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
      inputSchema: { type: "object", required: ["text"], additionalProperties: false },
      outputSchema: { type: "object", properties: { said: { type: "array" } } },
    });
    expect(send).toMatchObject({
      title: "Letters: Send a letter",
      annotations: { readOnlyHint: false, destructiveHint: false, idempotentHint: false },
    });
    expect(Object.keys(send?.inputSchema.properties ?? {})).toEqual(["to", "text", "approval_id"]);
  });

  test("a read runs at once: structured content, the same as text, and its source", async () => {
    await using agent = await connect();
    const result = await agent.client.callTool({ name: "echo", arguments: { text: "hi", times: 2 } });
    expect(result.isError).toBeFalsy();
    expect(result.structuredContent).toEqual({ said: ["hi", "hi"] });
    expect(JSON.parse(textsOf(result)[0] ?? "")).toEqual({ said: ["hi", "hi"] });
    expect(textsOf(result)[1]).toBe("Source: Toy");
  });

  test("a bad parameter is a result that says what is wrong; an unknown tool is an error of the protocol", async () => {
    await using agent = await connect();
    const result = await agent.client.callTool({ name: "echo", arguments: { txt: 1 } });
    expect(result.isError).toBe(true);
    expect(textsOf(result)[0]).toContain("Unknown parameter: txt");
    expect(textsOf(result)[0]).toContain("(invalid_parameters)");
    await expect(agent.client.callTool({ name: "nope", arguments: {} })).rejects.toMatchObject({ code: -32602 });
  });

  test("a defect of ours tells nothing of itself", async () => {
    probed = async () => {
      throw new Error("canary");
    };
    await using agent = await connect();
    const result = await agent.client.callTool({ name: "probe", arguments: {} });
    expect(result.isError).toBe(true);
    expect(JSON.stringify(result)).not.toContain("canary");
  });

  test("long work tells how it goes to whoever asked for that", async () => {
    probed = async ({ progress }) => {
      progress("half of it");
      await Bun.sleep(20);
      return { fine: true };
    };
    await using agent = await connect();
    const heard: unknown[] = [];
    const result = await agent.client.callTool(
      { name: "probe", arguments: {} },
      { onprogress: ({ message }) => heard.push(message) },
    );
    expect([result.isError ?? false, heard]).toEqual([false, ["half of it"]]);
  });

  test("a cancelled call is stopped at its service", async () => {
    const stopped = Promise.withResolvers<void>();
    const begun = Promise.withResolvers<void>();
    probed = ({ signal }) => {
      begun.resolve();
      return new Promise((_, reject) => {
        signal.addEventListener("abort", () => {
          stopped.resolve();
          reject(new Error("stopped"));
        });
      });
    };
    await using agent = await connect();
    const abort = new AbortController();
    const call = agent.client.callTool({ name: "probe", arguments: {} }, { signal: abort.signal });
    await begun.promise;
    abort.abort();
    await expect(call).rejects.toThrow();
    await stopped.promise;
  });

  test("who listens hears that the tools are others now", async () => {
    let heard = 0;
    await using agent = await connect({ onToolsChanged: () => heard++ });
    while (heard === 0) {
      // Listening begins a moment after the connection does.
      await server.app.changeConfig(owner, "echo", { enabled: false });
      await Bun.sleep(50);
    }
    expect((await agent.client.listTools()).tools.map(({ name }) => name)).not.toContain("echo");
    const refused = await agent.client.callTool({ name: "echo", arguments: { text: "x" } });
    expect(textsOf(refused)[0]).toContain("(tool_disabled)");
  });

  test("an agent that says yes to everything cannot send", async () => {
    await using agent = await connect({ elicit: yes });
    const result = await agent.client.callTool({ name: "letters_send", arguments: { to: "Ada" } });
    expect(result.isError).toBe(true);
    expect(agent.asked).toEqual([]);
    expect(letters.sent).toEqual([]);
    const told = JSON.stringify(result);
    expect(told).toContain("approval_required");
    expect(told).not.toMatch(/mcqueen approvals|\/approve|http/);
  });

  test("a person elsewhere approves, and calling again with the id gives what came of it", async () => {
    await using agent = await connect();
    const call = (more = {}) => agent.client.callTool({ name: "letters_send", arguments: { to: "Ada", ...more } });
    const first = await call();
    const id = /approval_id "(apr_\w+)"/.exec(textsOf(first)[0] ?? "")?.[1] ?? "";
    expect(textsOf(await call({ approval_id: id }))[0]).toContain("(approval_required)");
    const terminal = { ...owner, credentialId: "terminal", interactive: true };
    expect(await server.app.approvals.approve(terminal, id)).toMatchObject({ ok: true });
    const done = await call({ approval_id: id });
    expect([done.structuredContent, letters.sent]).toEqual([{ id: "1" }, [{ to: "Ada" }]]);
    expect(textsOf(await call({ approval_id: "apr_0123456789ab" }))[0]).toContain("(not_found)");
    const other = await agent.client.callTool({ name: "letters_send", arguments: { to: "Eve", approval_id: id } });
    expect(textsOf(other)[0]).toContain("That approval is for other parameters: to\n(conflict)");
    expect(letters.sent).toHaveLength(1);
  });
});
