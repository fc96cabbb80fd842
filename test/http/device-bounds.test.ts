import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { PairOptions } from "../../src/core/device.ts";
import { pageOf, register, terminal } from "../support/client.ts";
import { pairWith } from "../support/phone.ts";
import { bootServer } from "../support/server.ts";
import { createLetters, echo, toyAdapter } from "../support/toys.ts";
import { expectations } from "./matrix.ts";

const api = "/api/v1";
let server: Awaited<ReturnType<typeof bootServer>>;
let bounded: Awaited<ReturnType<typeof pair>>;
let free: Awaited<ReturnType<typeof pair>>;
beforeAll(async () => {
  server = await bootServer({
    adapters: [toyAdapter(echo, createLetters().tool)],
    env: { LOGIN_RATE_MAX: "100000", RATE_LIMIT_MAX: "100000", RATE_LIMIT_SESSION_MAX: "100000" },
  });
  bounded = await pair({ tools: ["echo"], writes: "ask" });
  free = await pair({});
});
afterAll(() => server[Symbol.asyncDispose]());

const pair = (options: PairOptions) => pairWith(server, options);

const changing = Object.entries(expectations)
  .filter(([name, { level }]) => (level === "user" || level === "admin") && !/^(GET|HEAD) /.test(name))
  .map(([name, { path, body }]) => [name, { path, body }] as const);
/** What it asked for and what it is itself are its own, where it is told by another rule. */
const itsOwn = /auth\/logout|auth\/sessions\/|\/devices\/|approvals\//;

describe("a phone that may not do everything", () => {
  test.each(changing.filter(([name]) => !itsOwn.test(name)))("changes nothing by %s", async (name, { path, body }) => {
    const method = name.split(" ")[0] ?? "";
    const more = body === undefined ? {} : { body };
    expect((await server.send({ method, path, ...more, auth: bounded.bearer })).status).toBe(403);
    expect((await server.send({ method, path, ...more, auth: free.bearer })).status).not.toBe(403);
  });

  test("lets no program in, which would stay within no bounds", async () => {
    const { client_id: program } = (await register(server)).json;
    const { number } = await pageOf(server, program);
    const path = `${api}/clients/requests/${number}/allow`;
    expect((await server.send({ path, body: {}, auth: bounded.bearer })).status).toBe(403);
    await expect(server.app.clients.allow(bounded.caller, number, {})).rejects.toMatchObject({ code: "forbidden" });
    expect((await server.send({ path, body: {}, auth: free.bearer })).status).toBe(200);
  });

  test("ends no session but its own, and sees those of its user alone", async () => {
    const { json } = await server.send({ path: `${api}/auth/sessions`, auth: free.bearer });
    const others = json.sessions.filter(({ client_type: type }: { client_type: string }) => type === "device");
    const own = (await server.send({ path: `${api}/auth/session`, auth: bounded.bearer })).json.session.id;
    const other = others.find(({ id }: { id: string }) => id !== own);
    const end = (id: string) =>
      server.send({ method: "DELETE", path: `${api}/auth/sessions/${id}`, auth: bounded.bearer });
    expect((await end(other.id)).status).toBe(403);
    const spare = await pair({ writes: "deny" });
    const spareId = (await server.send({ path: `${api}/auth/session`, auth: spare.bearer })).json.session.id;
    const ended = await server.send({ method: "DELETE", path: `${api}/auth/sessions/${spareId}`, auth: spare.bearer });
    expect(ended.status).toBe(200);
  });

  test("for some tools reads what belongs to those: approvals, history and usage", async () => {
    await server.app.policy.set(terminal, { entrance: "device", effect: "write", decision: "approve" });
    const body = {
      parameters: { action: "send", to: "Ada", text: "between us" },
      voice_confirmations: { action: true, to: true, text: true },
    };
    const asked = await server.send({ path: `${api}/mcp/tools/letters/execute`, body, auth: free.bearer });
    const id: string = asked.json.metadata.approval_id;
    const echoed = await server.send({
      path: `${api}/mcp/tools/echo/execute`,
      body: { parameters: { text: "mine" } },
      auth: bounded.bearer,
    });
    expect(echoed.status).toBe(200);
    const look = (path: string, auth: string) => server.send({ path: `${api}/mcp/${path}`, auth });
    for (const path of [`approvals/${id}`, `approvals/${id}/outcome`]) {
      expect([(await look(path, free.bearer)).status, (await look(path, bounded.bearer)).status]).toEqual([200, 404]);
    }
    expect((await look("approvals", free.bearer)).json.total).toBe(1);
    expect((await look("approvals", bounded.bearer)).json.total).toBe(0);
    await server.app.approvals.deny(terminal, id);
    const tools = (entries: { tool: string | null }[]) => [...new Set(entries.map(({ tool }) => tool))].sort();
    expect(tools((await look("history", free.bearer)).json.entries)).toContain("letters");
    expect(tools((await look("history", bounded.bearer)).json.entries)).toEqual(["echo"]);
    const reading = { parameters: { action: "read" } };
    await server.send({ path: `${api}/mcp/tools/letters/execute`, body: reading, auth: free.bearer });
    // Usage is written a moment after the call.
    const used = async () => tools((await look("usage", free.bearer)).json.usage);
    while ((await used()).length < 2) await Bun.sleep(5);
    expect(await used()).toEqual(["echo", "letters"]);
    expect(tools((await look("usage", bounded.bearer)).json.usage)).toEqual(["echo"]);
  });
});
