import { type Static, Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import type { App } from "../../app.ts";
import { type Call, type Caller, isFor } from "../../core/call.ts";
import { ToolConfigBody } from "../../core/configure.ts";
import { AppError, invalidParameters } from "../../core/errors.ts";
import type { ListedTool } from "../../core/listing.ts";
import { checkParameters, printable } from "../../core/parameters.ts";
import { type Auth, bearerOf } from "../auth.ts";
import { factsOf } from "../facts.ts";
import { jsonBody } from "../openapi-body.ts";
import { jsonText, reply, succeed } from "../replies.ts";

/** The body of an execution. `user_id` and `timestamp` are accepted because the app sends them. */
const ExecuteBody = Type.Object(
  {
    parameters: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    voice_confirmations: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
    user_id: Type.Optional(Type.String()),
    timestamp: Type.Optional(Type.Union([Type.String(), Type.Number()])),
    account: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    dry_run: Type.Optional(Type.Boolean()),
    idempotency_key: Type.Optional(Type.String({ minLength: 1, maxLength: 255 })),
    confirmation_id: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
    wait_s: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 300, description: "Seconds to wait for an approval, where one is needed" }),
    ),
  },
  { additionalProperties: false },
);

/** Tools: listing, one tool, execution, config. */
export function toolRoutes(app: App, auth: Auth, prefix: string) {
  const change = async ({ caller, params, body }: { caller: Caller; params: { id: string }; body: unknown }) =>
    succeed({ data: await app.changeConfig(caller, params.id, body) });
  const changeDetail = {
    summary: "Change what the body names; a null in custom_settings removes that setting",
    requestBody: jsonBody(ToolConfigBody),
  };
  const listing = (tools: readonly ListedTool[]) => ({ tools, total: tools.length });
  const bodies = new WeakMap<readonly ListedTool[], Blob>();
  return new Elysia({ prefix: `${prefix}/mcp/tools`, normalize: false, tags: ["tools"] })
    .use(auth.macro)
    .get(
      "/",
      async ({ caller, query }) => {
        const known = await app.listTools(caller.userId, { all: query.include === "all" });
        const tools = known.filter(({ id }) => isFor(caller, id));
        if (tools.length < known.length) return succeed(listing(tools));
        const made =
          bodies.get(known) ?? new Blob([JSON.stringify({ success: true, ...listing(known), metadata: {} })]);
        bodies.set(known, made);
        return jsonText(made);
      },
      { auth: "tools", detail: { summary: "Tools that the caller can use; ?include=all adds the rest" } },
    )
    .get(
      "/:id",
      async ({ caller, params }) => succeed({ tool: await app.showTool(caller.userId, inScope(caller, params.id)) }),
      {
        auth: "tools",
        detail: { summary: "One tool with the schemas of its actions" },
      },
    )
    .post(
      "/:id/execute",
      async ({ caller, params, body, request }) => {
        const key = request.headers.get("idempotency-key");
        const { call, waitMs } = toCall(params.id, caller, body, key);
        const facts = factsOf(request);
        if (waitMs > 0) facts.keepOpen?.();
        const isWelcome = async () => (await app.people.identify(bearerOf(request) ?? "")) !== undefined;
        const full = { ...call, requestId: facts.requestId, signal: request.signal };
        const work = () => app.execute(full, waitMs, isWelcome);
        if (waitMs === 0) return reply(await work());
        return auth.gate.hold(caller.credentialId, async (release) => {
          const outcome = await work();
          release();
          return reply(outcome);
        });
      },
      { auth: "tools", detail: { summary: "Run a tool", requestBody: jsonBody(ExecuteBody) } },
    )
    .get(
      "/:id/config",
      async ({ caller, params }) => succeed({ data: await app.readConfig(caller.userId, inScope(caller, params.id)) }),
      {
        auth: "tools",
        detail: { summary: "The caller's config of a tool" },
      },
    )
    .put("/:id/config", change, { auth: "user", detail: changeDetail })
    .post("/:id/config", change, { auth: "user", detail: changeDetail })
    .delete("/:id/config", async ({ caller, params }) => succeed({ data: await app.resetConfig(caller, params.id) }), {
      auth: "user",
      detail: { summary: "Back to the defaults" },
    });
}

/** What a token was not made for, it does not read either. @throws AppError forbidden */
function inScope(caller: Caller, toolId: string): string {
  if (isFor(caller, toolId)) return toolId;
  throw new AppError(
    "forbidden",
    `This ${caller.grant ? "token" : "device"} may not use the tool ${printable(toolId)}`,
  );
}

function toCall(tool: string, caller: Caller, body: unknown, headerKey: string | null): { call: Call; waitMs: number } {
  const checked = checkParameters(ExecuteBody, body ?? {}, {}, "field");
  if (!checked.ok) throw invalidParameters(checked.problems);
  const given = checked.value as Static<typeof ExecuteBody>;
  const key = headerKey ?? given.idempotency_key;
  if (headerKey !== null && given.idempotency_key !== undefined && headerKey !== given.idempotency_key) {
    throw invalidParameters(["Idempotency-Key and idempotency_key differ"]);
  }
  if (key !== undefined && !/^[\x21-\x7e]{1,255}$/.test(key)) {
    throw invalidParameters(["Idempotency-Key must be 1 to 255 printable characters"]);
  }
  const call: Call = {
    tool,
    caller,
    parameters: given.parameters ?? {},
    ...(given.voice_confirmations ? { confirmations: given.voice_confirmations } : {}),
    ...(given.confirmation_id ? { confirmationId: given.confirmation_id } : {}),
    ...(given.account ? { account: given.account } : {}),
    ...(given.dry_run ? { dryRun: true } : {}),
    ...(key ? { idempotencyKey: key } : {}),
  };
  return { call, waitMs: (given.wait_s ?? 0) * 1000 };
}
