import { Type } from "@sinclair/typebox";
import { defineAdapter } from "../../src/core/adapter.ts";
import { AppError } from "../../src/core/errors.ts";
import { hashSecret } from "../../src/core/secret.ts";
import { defineAction, defineTool, type ToolContext } from "../../src/core/tool.ts";

const readonly = "https://www.googleapis.com/auth/gmail.readonly";

/** A personal tool on Gmail's login. It tells the token that it was given by its hash alone. */
export const mailbox = (run: (context: ToolContext) => Promise<unknown> = whoOpened) =>
  defineAdapter({
    service: "gmail",
    name: "Mailbox",
    config: ["GOOGLE_API_BASE_URL"],
    tools: [
      defineTool({
        id: "mailbox",
        name: "Mailbox",
        description: "Opens a person's account.",
        category: "email",
        accessLevel: "user_specific",
        service: "gmail",
        authService: "gmail",
        examples: [],
        actions: [
          defineAction({
            id: "open",
            description: "Open the account",
            effect: "read",
            scopes: [readonly],
            input: Type.Object({}, { additionalProperties: false }),
            output: Type.Unknown(),
            run: async (_input, context) => ({ data: await run(context), metadata: { provider: "Google" } }),
          }),
        ],
      }),
    ],
  });

export const tokenOf = async ({ connection }: ToolContext, renew = false): Promise<string> => {
  if (!connection) throw new Error("A personal tool has an account");
  return connection.accessToken({ renew });
};

/** Asks the stand-in whose token it is, with another one where the first is refused. */
async function whoOpened(context: ToolContext): Promise<unknown> {
  const ask = (token: string) =>
    context.http.json({
      provider: "Google",
      url: `${context.config.GOOGLE_API_BASE_URL}/oauth2/v3/userinfo`,
      headers: { authorization: `Bearer ${token}` },
      accept: (status) => status === 401,
    });
  let token = await tokenOf(context);
  let { status, json } = await ask(token);
  if (status === 401) {
    token = await tokenOf(context, true);
    ({ status, json } = await ask(token));
  }
  if (status !== 200) throw new AppError("upstream_rejected", `Google refuses the token: ${status}`);
  return { digest: hashSecret(token), email: (json as { email: string }).email };
}
