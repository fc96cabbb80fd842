import { toOpenAPISchema } from "@elysiajs/openapi";
import type { TObject, TSchema } from "@sinclair/typebox";
import { Type } from "@sinclair/typebox";
import type { AnyElysia } from "elysia";
import type { Tool } from "../core/tool.ts";
import { version } from "../version.ts";
import { jsonBody } from "./openapi-body.ts";

/**
 * The OpenAPI 3.1 document: our routes, and beside the general execute route one concrete path per tool,
 * with that tool's own parameters and results.
 */
export function describeApi(routes: AnyElysia, tools: readonly Tool[], prefix: string) {
  const { paths } = toOpenAPISchema(routes, { paths: [/^\/docs/, "/openapi.json"] });
  const answers: Record<string, object> = Object.fromEntries(
    Object.entries(paths).map(([path, methods]) => [path, withAnswers(methods as Record<string, object>)]),
  );
  for (const tool of tools) answers[`${prefix}/mcp/tools/${tool.id}/execute`] = { post: executePath(tool) };
  return plain({
    openapi: "3.1.0",
    info: {
      title: "mcqueen",
      version,
      description: "Tools for people, scripts and agents. Every answer is an envelope with `success`.",
    },
    security: [{ bearer: [] }],
    paths: answers,
    components: {
      securitySchemes: { bearer: { type: "http", scheme: "bearer" } },
      schemas: { Failure: failureSchema },
    },
  });
}

function executePath(tool: Tool) {
  const inputs = tool.actions.map((action) => withAction(action.input, action.id, tool.actions.length > 1));
  const outputs = tool.actions.map((action) => action.output);
  return {
    tags: ["tools"],
    operationId: `execute_${tool.id}`,
    summary: tool.name,
    description: tool.description,
    security: [{ bearer: [] }],
    requestBody: jsonBody(
      Type.Object({
        parameters: inputs.length === 1 ? (inputs[0] as TSchema) : Type.Union(inputs),
        voice_confirmations: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
      }),
    ),
    responses: {
      200: {
        description: "The result, or what is needed first",
        content: { "application/json": { schema: resultSchema(outputs) } },
      },
      ...failureAnswers,
    },
  };
}

const withAction = (input: TObject, id: string, several: boolean): TSchema =>
  several ? Type.Object({ action: Type.Literal(id), ...input.properties }, { additionalProperties: false }) : input;

const resultSchema = (outputs: TSchema[]): TSchema =>
  Type.Object({
    success: Type.Boolean(),
    data: Type.Optional(outputs.length === 1 ? (outputs[0] as TSchema) : Type.Union(outputs)),
    metadata: Type.Record(Type.String(), Type.Unknown()),
  });

const failureSchema = Type.Object({
  success: Type.Literal(false),
  error: Type.String({ description: "What happened, as a sentence" }),
  error_code: Type.Optional(Type.String()),
  hint: Type.Optional(Type.String({ description: "What mends it" })),
  metadata: Type.Record(Type.String(), Type.Unknown()),
});

const failureAnswers = {
  default: {
    description: "A failure",
    content: { "application/json": { schema: { $ref: "#/components/schemas/Failure" } } },
  },
};

function withAnswers(methods: Record<string, object>): Record<string, object> {
  return Object.fromEntries(
    Object.entries(methods).map(([method, operation]) => [
      method,
      { ...operation, responses: { 200: { description: "Success" }, ...failureAnswers } },
    ]),
  );
}

/** Drops what JSON cannot hold: TypeBox's symbols, and Elysia's own marks. */
const plain = (document: object): object =>
  JSON.parse(JSON.stringify(document, (key, value: unknown) => (key === "x-auth" ? undefined : value)));
