import type { CallToolResult, ServerContext } from "@modelcontextprotocol/server";

/** One red pixel, and a tenth of a second of nothing. */
const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==";
const wav = "UklGRiQAAABXQVZFZm10IBAAAAABAAEARKwAAIhYAQACABAAZGF0YQAAAAA=";

export const text = (said: string) => ({ type: "text" as const, text: said });
const image = { type: "image" as const, data: png, mimeType: "image/png" };
const embedded = (uri: string, mimeType: string, said: string) => ({
  type: "resource" as const,
  resource: { uri, mimeType, text: said },
});
export const only = (said: string): CallToolResult => ({ content: [text(said)] });

const pause = (): Promise<void> => Bun.sleep(50);

/** Tools of the conformance suite that answer at once. */
export const plainTools: Record<string, (ctx: ServerContext) => Promise<CallToolResult> | CallToolResult> = {
  test_simple_text: () => only("This is a simple text response for testing."),
  test_image_content: () => ({ content: [image] }),
  test_audio_content: () => ({ content: [{ type: "audio", data: wav, mimeType: "audio/wav" }] }),
  test_embedded_resource: () => ({
    content: [embedded("test://embedded-resource", "text/plain", "This is an embedded resource content.")],
  }),
  test_multiple_content_types: () => ({
    content: [
      text("Multiple content types test:"),
      image,
      embedded("test://mixed-content-resource", "application/json", '{"test":"data","value":123}'),
    ],
  }),
  test_error_handling: () => ({ ...only("This tool intentionally returns an error for testing"), isError: true }),
  async test_tool_with_logging(ctx) {
    for (const said of ["Tool execution started", "Tool processing data", "Tool execution completed"]) {
      await ctx.mcpReq.log("info", said);
      await pause();
    }
    return only("Logged three times.");
  },
  async test_logging_tool(ctx) {
    await ctx.mcpReq.log("info", "Logged where a level was asked for.");
    return only("Logged once.");
  },
  async test_tool_with_progress(ctx) {
    const progressToken = ctx.mcpReq._meta?.progressToken;
    for (const progress of [0, 50, 100]) {
      if (progressToken !== undefined)
        await ctx.mcpReq.notify({ method: "notifications/progress", params: { progressToken, progress, total: 100 } });
      await pause();
    }
    return only("Done in three steps.");
  },
};

const user = (content: object) => ({ role: "user", content });

/** Prompts of the suite, with the arguments that each takes. */
export const prompts: Record<string, { takes: string[]; messages(given: Record<string, string>): object[] }> = {
  test_simple_prompt: { takes: [], messages: () => [user(text("This is a simple prompt for testing."))] },
  test_prompt_with_arguments: {
    takes: ["arg1", "arg2"],
    messages: ({ arg1, arg2 }) => [user(text(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`))],
  },
  test_prompt_with_embedded_resource: {
    takes: ["resourceUri"],
    messages: ({ resourceUri = "" }) => [
      user(embedded(resourceUri, "text/plain", "Embedded resource content for testing.")),
      user(text("Please process the embedded resource above.")),
    ],
  },
  test_prompt_with_image: {
    takes: [],
    messages: () => [user(image), user(text("Please analyze the image above."))],
  },
};

/** Resources of the suite. */
export const resources: Record<string, { mimeType: string; text?: string; blob?: string }> = {
  "test://static-text": { mimeType: "text/plain", text: "This is the content of the static text resource." },
  "test://static-binary": { mimeType: "image/png", blob: png },
  "test://watched-resource": { mimeType: "text/plain", text: "Watched." },
};
