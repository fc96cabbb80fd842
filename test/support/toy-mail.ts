import { Type } from "@sinclair/typebox";
import { createApp } from "../../src/app.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import { hashSecret } from "../../src/core/secret.ts";
import { defineAction, defineTool } from "../../src/core/tool.ts";
import { callOf, type createHome } from "./home.ts";
import { toyAdapter } from "./toys.ts";

const input = Type.Object({}, { additionalProperties: false });

/** An action that needs one scope, and tells with which account and (by its hash) which token it was let in. */
const needing = (id: string, scope: string) =>
  defineAction({
    id,
    description: `Needs ${scope}`,
    effect: "read",
    scopes: [`https://www.googleapis.com/auth/${scope}`],
    input,
    output: Type.Unknown(),
    run: async (_input, { connection }) => ({
      data: {
        account: connection?.account,
        scopes: connection?.scopes,
        token: hashSecret((await connection?.accessToken()) ?? ""),
      },
      metadata: { provider: "Toy" },
    }),
  });

/** A personal tool of Gmail's that asks the service for nothing. */
export const toyMail = toyAdapter(
  defineTool({
    id: "toy_mail",
    name: "Toy mail",
    description: "Tells whose mail it is.",
    category: "email",
    accessLevel: "user_specific",
    service: "toy",
    authService: "gmail",
    examples: [],
    actions: [needing("read", "gmail.readonly"), needing("send", "gmail.send")],
  }),
);

/** Calls it on a home of the sandbox, as a process of its own would. */
export async function callOn(
  home: ReturnType<typeof createHome>,
  action: "read" | "send",
  account?: string,
  // biome-ignore lint/suspicious/noExplicitAny: tests look into data of every shape
): Promise<Outcome & { data?: any }> {
  const app = await createApp({ settings: home.settings({}, { sandbox: true }), adapters: [toyMail] });
  try {
    return await app.execute(callOf("toy_mail", { action }, account === undefined ? {} : { account }));
  } finally {
    await app.close();
  }
}
