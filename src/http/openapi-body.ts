import type { TSchema } from "@sinclair/typebox";

/** The OpenAPI form of a JSON request body. */
export const jsonBody = (schema: TSchema) => ({ required: true, content: { "application/json": { schema } } }) as never;
