import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { createRoutes } from "../../src/http/server.ts";
import { bootServer } from "../support/server.ts";
import { createLetters, createProbe, echo, refusing, toyAdapter } from "../support/toys.ts";
import { api, execute, rows } from "./rows.ts";

const broken = createProbe(async () => {
  throw new Error("canary-in-a-defect");
});

let server: Awaited<ReturnType<typeof bootServer>>;
beforeAll(async () => {
  server = await bootServer({ adapters: [toyAdapter(echo, createLetters().tool, broken)] });
});
afterAll(() => server[Symbol.asyncDispose]());

describe("REST", () => {
  test.each(rows.map((row) => [row.name, row] as const))(
    "%s",
    async (_name, { request, status, holds = [], lacks = [] }) => {
      const reply = await server.send(request);
      expect({ status: reply.status, text: reply.status === status ? "" : reply.text }).toEqual({ status, text: "" });
      for (const text of holds) expect(reply.text).toContain(text);
      for (const text of lacks) expect(reply.text).not.toContain(text);
      expect(reply.headers.get("x-request-id")).toMatch(/^[0-9a-f-]{36}$/);
      expect(reply.headers.get("x-content-type-options")).toBe("nosniff");
      expect(reply.headers.get("content-security-policy")).toContain("default-src 'self'");
      if (reply.json && reply.status >= 400) expect(reply.json).toContainKeys(["success", "error", "metadata"]);
    },
  );

  test("CORS is answered for allowed origins only", async () => {
    const ask = (origin: string) =>
      server.send({
        method: "OPTIONS",
        path: execute,
        auth: null,
        headers: { origin, "access-control-request-method": "POST" },
      });
    const good = await ask("http://localhost:3000");
    expect(good.status).toBe(204);
    expect(good.headers.get("access-control-allow-origin")).toBe("http://localhost:3000");
    expect(good.headers.get("access-control-allow-credentials")).toBe("true");
    const bad = await ask("https://evil.example");
    expect(bad.status).toBe(403);
    expect(bad.headers.get("access-control-allow-origin")).toBeNull();
  });

  test("the OpenAPI document is 3.1 and holds each tool's own schema", async () => {
    const { json } = await server.send({ path: "/openapi.json", auth: null });
    expect(json.openapi).toBe("3.1.0");
    const body = json.paths[execute].post.requestBody.content["application/json"].schema;
    expect(body.properties.parameters.required).toEqual(["text"]);
    expect(Object.keys(json.paths)).toContain(`${api}/mcp/tools/{id}/execute`);
    expect(JSON.stringify(json)).not.toContain("x-auth");
  });

  test("a route that does not say who may use it stops the server from starting", () => {
    const routes = createRoutes(server.app);
    expect(routes.routes.map((route) => route.hooks?.detail?.["x-auth"])).not.toContain(undefined);
    expect(() => createRoutes(server.app, (base) => base.get("/bare", () => "open"))).toThrow("/bare");
  });

  test("a 429 of an upstream says when to come back", async () => {
    await using other = await bootServer({
      adapters: [toyAdapter(refusing("rate_limited", "Toy is asked too often"))],
    });
    const reply = await other.send({ path: `${api}/mcp/tools/probe/execute`, body: {} });
    expect(reply.status).toBe(429);
    expect(reply.json.error_code).toBe("rate_limited");
  });
});
