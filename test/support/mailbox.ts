import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emailPersonal } from "../../src/adapters/gmail/email-personal.ts";
import type { Connection } from "../../src/core/connection.ts";
import type { ToolContext } from "../../src/core/tool.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { createContext } from "./context.ts";
import { gmail, logIn } from "./google.ts";

export const ada = "ada.lovelace@example.com";
export const grace = "grace.hopper@example.com";
export const alan = "alan.turing@example.com";

/** Stand-ins with mailboxes of their own, which go when it stops. */
export async function startMailSandbox(): Promise<Sandbox> {
  const folder = mkdtempSync(join(tmpdir(), "mcqueen-mail-"));
  const sandbox = await startSandbox({ folder });
  return {
    ...sandbox,
    async stop() {
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** An account with a token that is good, or whatever the test says. */
export const connectionWith = (accessToken: Connection["accessToken"]): Connection => ({
  account: ada,
  scopes: [gmail("readonly"), gmail("send")],
  accessToken,
});

/** Logs a person in at the stand-in. @returns what a running action gets */
export async function openAccount(
  sandbox: Sandbox,
  email: string,
  scopes = [gmail("readonly"), gmail("send")],
): Promise<ToolContext> {
  const { access_token: token = "" } = await logIn(sandbox, { scope: scopes.join(" ") }, { email });
  return createContext({ config: sandbox.baseUrls, connection: connectionWith(async () => token) });
}

// biome-ignore lint/suspicious/noExplicitAny: tests look into results of every shape
export type Data = any;

/** Runs an action of email_personal. @returns its data */
export async function mail(id: string, parameters: Record<string, unknown>, context: ToolContext): Promise<Data> {
  return (await actionOf(id).run(parameters, context)).data;
}

export function actionOf(id: string) {
  const action = emailPersonal.actions.find((each) => each.id === id);
  if (!action) throw new Error(`email_personal has no action ${id}`);
  return action;
}
