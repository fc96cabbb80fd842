import { Type } from "@sinclair/typebox";
import { type Adapter, defineAdapter } from "../../src/core/adapter.ts";
import { AppError } from "../../src/core/errors.ts";
import { defineAction, defineTool, type ToolContext } from "../../src/core/tool.ts";

const strict = { additionalProperties: false };

/** A tool with one reading action: it gives back what it got. */
export const echo = defineTool({
  id: "echo",
  name: "Echo",
  description: "Says it again.",
  category: "notes",
  accessLevel: "public",
  service: "toy",
  examples: ["say hello"],
  settings: Type.Object({ times: Type.Optional(Type.Integer({ minimum: 1, maximum: 5 })) }, strict),
  actions: [
    defineAction({
      id: "say",
      description: "Say it again",
      effect: "read",
      input: Type.Object(
        {
          text: Type.String({ minLength: 1, description: "What to say" }),
          times: Type.Optional(Type.Integer({ minimum: 1, maximum: 5, default: 1 })),
          loud: Type.Optional(Type.Boolean()),
          tags: Type.Optional(Type.Array(Type.String(), { maxItems: 3 })),
          mode: Type.Optional(Type.Union([Type.Literal("plain"), Type.Literal("fancy")])),
        },
        strict,
      ),
      output: Type.Object({ said: Type.Array(Type.String()) }),
      run: async ({ text, times = 1 }) => ({
        data: { said: Array.from({ length: times }, () => text) },
        metadata: { provider: "Toy" },
      }),
    }),
  ],
});

/** A tool that writes, with a log of what reached it. */
export function createLetters(sent: Record<string, unknown>[] = []) {
  const tool = defineTool({
    id: "letters",
    name: "Letters",
    description: "Sends and reads letters.",
    category: "messaging",
    accessLevel: "public",
    service: "toy",
    examples: ["send a letter"],
    actions: [
      defineAction({
        id: "send",
        description: "Send a letter",
        effect: "write",
        input: Type.Object({ to: Type.String({ minLength: 1 }), text: Type.Optional(Type.String()) }, strict),
        output: Type.Object({ id: Type.String() }),
        confirmation: { fields: ["action", "to", "text"], prompt: ({ to }) => `Send a letter to ${to}?` },
        run: async (letter) => {
          sent.push(letter);
          return { data: { id: String(sent.length) }, metadata: { provider: "Toy" } };
        },
      }),
      defineAction({
        id: "read",
        description: "Read letters",
        effect: "read",
        input: Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, default: 10 })) }, strict),
        output: Type.Object({ letters: Type.Array(Type.Unknown()) }),
        run: async () => ({ data: { letters: [...sent] }, metadata: { provider: "Toy" } }),
      }),
    ],
  });
  return { tool, sent };
}

/** A tool whose one action is whatever the test says. */
export function createProbe(run: (context: ToolContext) => Promise<unknown>) {
  return defineTool({
    id: "probe",
    name: "Probe",
    description: "Does what the test says.",
    category: "notes",
    accessLevel: "public",
    service: "toy",
    examples: [],
    actions: [
      defineAction({
        id: "go",
        description: "Go",
        effect: "read",
        input: Type.Object({}, strict),
        output: Type.Unknown(),
        run: async (_input, context) => ({ data: await run(context), metadata: { provider: "Toy" } }),
      }),
    ],
  });
}

export const refusing = (code: ConstructorParameters<typeof AppError>[0], message = "no") =>
  createProbe(async () => {
    throw new AppError(code, message);
  });

export const toyAdapter = (...tools: Adapter["tools"]): Adapter =>
  defineAdapter({ service: "toy", name: "Toy", tools, config: ["CONTACT_URL"] });
