import {
  type CallToolResult,
  CLIENT_CAPABILITIES_META_KEY,
  type InputRequests,
  type InputRequiredResult,
  type RequestStateCodec,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { only } from "./conformance-content.ts";

type Answer = CallToolResult | InputRequiredResult;
type Codec = RequestStateCodec<{ step: string }>;

const asking = (
  message: string,
  properties: Record<string, object>,
  required = Object.keys(properties),
): InputRequests[string] =>
  ({
    method: "elicitation/create",
    params: { mode: "form", message, requestedSchema: { type: "object", properties, required } },
  }) as InputRequests[string];

const askName = (message = "What is your name?") => asking(message, { name: { type: "string" } });
export const askContext = () => asking("What context should the prompt use?", { context: { type: "string" } });
const sample = (said: string, maxTokens: number): InputRequests[string] => ({
  method: "sampling/createMessage",
  params: { messages: [{ role: "user", content: { type: "text", text: said } }], maxTokens },
});
const listRoots: InputRequests[string] = { method: "roots/list", params: {} };

export const ask = (inputRequests: InputRequests, requestState?: string): InputRequiredResult => ({
  resultType: "input_required",
  inputRequests,
  ...(requestState === undefined ? {} : { requestState }),
});

/** What the client answered under a key, in its own form. */
// biome-ignore lint/suspicious/noExplicitAny: answers have as many shapes as there are questions
export const answer = (ctx: ServerContext, key: string): any => ctx.mcpReq.inputResponses?.[key];

/** Tools of the suite that ask the client something first. */
export function questionTools(codec: Codec): Record<string, (ctx: ServerContext) => Promise<Answer>> {
  const sealed = (ctx: ServerContext, step: string): Promise<string> => codec.mint({ step }, ctx);
  const stepOf = (ctx: ServerContext): string | undefined => ctx.mcpReq.requestState<{ step: string }>()?.step;
  return {
    async test_input_required_result_elicitation(ctx) {
      const name = answer(ctx, "user_name")?.content?.name;
      return typeof name === "string" ? only(`Hello, ${name}!`) : ask({ user_name: askName() });
    },
    async test_input_required_result_sampling(ctx) {
      const said = answer(ctx, "capital_question")?.content?.text;
      return said ? only(said) : ask({ capital_question: sample("What is the capital of France?", 100) });
    },
    async test_input_required_result_list_roots(ctx) {
      const roots = answer(ctx, "client_roots")?.roots;
      return roots ? only(`Roots: ${JSON.stringify(roots)}`) : ask({ client_roots: listRoots });
    },
    async test_input_required_result_request_state(ctx) {
      if (stepOf(ctx) === "confirm" && answer(ctx, "confirm")) return only("state-ok");
      const confirm = asking("Please confirm", { ok: { type: "boolean" } });
      return ask({ confirm }, await sealed(ctx, "confirm"));
    },
    async test_input_required_result_tampered_state(ctx) {
      if (stepOf(ctx) === "confirm" && answer(ctx, "confirm")) return only("state-ok");
      const confirm = asking("Please confirm", { ok: { type: "boolean" } });
      return ask({ confirm }, await sealed(ctx, "confirm"));
    },
    async test_input_required_result_multiple_inputs(ctx) {
      const name = answer(ctx, "user_name")?.content?.name;
      const greeting = answer(ctx, "greeting")?.content?.text;
      const roots = answer(ctx, "client_roots")?.roots;
      if (stepOf(ctx) === "all" && name && greeting && roots) return only(`${greeting} ${name} ${roots.length}`);
      const requests = { user_name: askName(), greeting: sample("Generate a greeting", 50), client_roots: listRoots };
      return ask(requests, await sealed(ctx, "all"));
    },
    async test_input_required_result_multi_round(ctx) {
      const step = stepOf(ctx);
      if (step === "two" && answer(ctx, "step2")) return only(`Your color is ${answer(ctx, "step2").content.color}.`);
      if (step === "one" && answer(ctx, "step1")) {
        const step2 = asking("Step 2: What is your favorite color?", { color: { type: "string" } });
        return ask({ step2 }, await sealed(ctx, "two"));
      }
      return ask({ step1: askName("Step 1: What is your name?") }, await sealed(ctx, "one"));
    },
    async test_input_required_result_capabilities(ctx) {
      const envelope = ctx.mcpReq.envelope as Record<string, unknown> | undefined;
      const can = (envelope?.[CLIENT_CAPABILITIES_META_KEY] ?? {}) as Record<string, unknown>;
      if (ctx.mcpReq.inputResponses) return only("Thank you.");
      const requests: InputRequests = {
        ...(can.elicitation ? { user_name: askName() } : {}),
        ...(can.sampling ? { greeting: sample("Generate a greeting", 50) } : {}),
        ...(can.roots ? { client_roots: listRoots } : {}),
      };
      return Object.keys(requests).length > 0 ? ask(requests) : only("There is nothing to ask with.");
    },
    async test_missing_capability(ctx) {
      return answer(ctx, "greeting") ? only("Thank you.") : ask({ greeting: sample("Generate a greeting", 50) });
    },
    async test_streaming_elicitation(ctx) {
      const name = answer(ctx, "user_name")?.content?.name;
      return name ? only(`Hello, ${name}!`) : ask({ user_name: askName() });
    },
    test_elicitation_sep1034_defaults: (ctx) => completed(ctx, defaults),
    test_elicitation_sep1330_enums: (ctx) => completed(ctx, choices),
  };
}

async function completed(ctx: ServerContext, properties: Record<string, object>): Promise<Answer> {
  const said = answer(ctx, "all");
  if (!said) return ask({ all: asking("Please choose", properties, []) });
  return only(`Elicitation completed: action=${said.action}, content=${JSON.stringify(said.content ?? {})}`);
}

const defaults = {
  name: { type: "string", default: "John Doe" },
  age: { type: "integer", default: 30 },
  score: { type: "number", default: 95.5 },
  status: { type: "string", enum: ["active", "inactive", "pending"], default: "active" },
  verified: { type: "boolean", default: true },
};

const titled = (word: string) =>
  ["First", "Second", "Third"].map((nth, at) => ({ const: `value${at + 1}`, title: `${nth} ${word}` }));

const choices = {
  untitledSingle: { type: "string", enum: ["option1", "option2", "option3"] },
  titledSingle: { type: "string", oneOf: titled("Option") },
  legacyEnum: {
    type: "string",
    enum: ["opt1", "opt2", "opt3"],
    enumNames: ["Option One", "Option Two", "Option Three"],
  },
  untitledMulti: { type: "array", items: { type: "string", enum: ["option1", "option2", "option3"] } },
  titledMulti: { type: "array", items: { anyOf: titled("Choice") } },
};

/** Tools with a parameter that goes into the question. */
export const spokenTools: Record<string, { takes: string; run(given: string, ctx: ServerContext): Answer }> = {
  test_sampling: {
    takes: "prompt",
    run: (prompt, ctx) => {
      const said = answer(ctx, "reply");
      return said ? only(`LLM response: ${said.content.text}`) : ask({ reply: sample(prompt, 100) });
    },
  },
  test_elicitation: {
    takes: "message",
    run: (message, ctx) => {
      const said = answer(ctx, "reply");
      const properties = {
        username: { type: "string", description: "User's response" },
        email: { type: "string", description: "User's email address" },
      };
      if (!said) return ask({ reply: asking(message, properties) });
      return only(`User response: action=${said.action}, content=${JSON.stringify(said.content ?? {})}`);
    },
  },
};
