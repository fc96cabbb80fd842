import {
  createRequestStateCodec,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  Server,
} from "@modelcontextprotocol/server";
import { only, plainTools, prompts, resources, text } from "./conformance-content.ts";
import { answer, ask, askContext, questionTools, spokenTools } from "./conformance-questions.ts";

/** The fixtures that the protocol's own conformance suite looks for. They stand behind our door, in place of our tools. */
export function createConformanceServers(changeTools: () => Promise<void>): () => Server {
  const codec = createRequestStateCodec<{ step: string }>({ key: crypto.getRandomValues(new Uint8Array(32)) });
  const asking = questionTools(codec);
  return () => {
    const server = new Server(
      { name: "conformance", version: "1.0.0" },
      {
        capabilities: {
          tools: { listChanged: true },
          prompts: {},
          resources: { subscribe: true },
          logging: {},
          completions: {},
        },
        requestState: { verify: codec.verify },
      },
    );
    const nothing = { type: "object" as const, properties: {} };
    server.setRequestHandler("tools/list", () => ({
      tools: [
        ...[...Object.keys(plainTools), ...Object.keys(asking), "test_trigger_tool_change"].map((name) => ({
          name,
          description: `Fixture ${name}`,
          inputSchema: nothing,
        })),
        ...Object.entries(spokenTools).map(([name, { takes }]) => ({
          name,
          description: `Fixture ${name}`,
          inputSchema: {
            type: "object" as const,
            properties: { [takes]: { type: "string" } },
            required: [takes],
          },
        })),
      ],
    }));
    server.setRequestHandler("tools/call", async ({ params }, ctx) => {
      const { name, arguments: given = {} } = params;
      const spoken = spokenTools[name];
      if (spoken) return spoken.run(String(given[spoken.takes]), ctx);
      if (name === "test_trigger_tool_change") {
        await changeTools();
        return only("Changed.");
      }
      const run = plainTools[name] ?? asking[name];
      if (run) return run(ctx);
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${name}`);
    });

    server.setRequestHandler("prompts/list", () => ({
      prompts: [
        ...Object.entries(prompts).map(([name, { takes }]) => ({
          name,
          description: `Fixture ${name}`,
          arguments: takes.map((each) => ({ name: each, description: each, required: true })),
        })),
        { name: "test_input_required_result_prompt", description: "Asks first" },
      ],
    }));
    server.setRequestHandler("prompts/get", ({ params }, ctx) => {
      if (params.name === "test_input_required_result_prompt") {
        const said = answer(ctx, "user_context")?.content?.context;
        if (said === undefined) return ask({ user_context: askContext() });
        return { messages: [{ role: "user", content: text(`Context: ${said}`) }] };
      }
      const prompt = prompts[params.name];
      if (!prompt) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown prompt: ${params.name}`);
      return { messages: prompt.messages(params.arguments ?? {}) as never };
    });
    server.setRequestHandler("completion/complete", () => ({
      completion: { values: ["paris", "park", "party"], total: 3, hasMore: false },
    }));

    server.setRequestHandler("resources/list", () => ({
      resources: Object.entries(resources).map(([uri, { mimeType }]) => ({ uri, name: uri, mimeType })),
    }));
    server.setRequestHandler("resources/templates/list", () => ({
      resourceTemplates: [{ uriTemplate: "test://template/{id}/data", name: "template", mimeType: "application/json" }],
    }));
    server.setRequestHandler("resources/read", ({ params: { uri } }) => {
      const known = resources[uri];
      if (known) return { contents: [{ uri, ...known } as never] };
      const id = /^test:\/\/template\/([^/]+)\/data$/.exec(uri)?.[1];
      if (id === undefined) throw new ResourceNotFoundError(uri);
      const data = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
      return { contents: [{ uri, mimeType: "application/json", text: data }] };
    });
    server.setRequestHandler("resources/subscribe", () => ({}));
    server.setRequestHandler("resources/unsubscribe", () => ({}));
    return server;
  };
}
