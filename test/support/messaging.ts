import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Adapter } from "../../src/core/adapter.ts";
import type { Connection } from "../../src/core/connection.ts";
import { AppError } from "../../src/core/errors.ts";
import type { PaceStore } from "../../src/core/pace.ts";
import { checkParameters } from "../../src/core/parameters.ts";
import type { ToolContext, ToolResult } from "../../src/core/tool.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { createContext, createMapCache, createTestClient } from "./context.ts";
import { type Form, formsOf } from "./google.ts";

/** Stand-ins on a folder of their own, which goes with them. */
export async function startOwnSandbox(now?: () => Date): Promise<Sandbox> {
  const folder = mkdtempSync(join(tmpdir(), "mcqueen-stand-ins-"));
  const sandbox = await startSandbox({ folder, ...(now ? { now } : {}) });
  return {
    ...sandbox,
    async stop() {
      await sandbox.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Turns without waiting, with a note of what was asked for. */
function createNotedPace(): PaceStore & { taken: [key: string, everyMs: number, burst: number][] } {
  const taken: [string, number, number][] = [];
  return {
    taken,
    async take(key, everyMs, _patienceMs, burst) {
      taken.push([key, everyMs, burst ?? 1]);
      return { waitMs: 0, taken: true };
    },
  };
}

/** A login of a person's by this token; renewing it fails as it does for one that cannot be renewed. */
export const connectionWith = (token: string, more: Partial<Connection> = {}): Connection => ({
  account: "default",
  scopes: [],
  async accessToken({ renew = false } = {}) {
    if (!renew) return token;
    throw new AppError("auth_required", "Authentication required: the login has ended");
  },
  ...more,
});

/** Runs actions of an adapter's one tool against the stand-ins, their parameters checked as on the road. */
export function createRunner(adapter: Adapter, sandbox: Sandbox, token: string, more: Partial<ToolContext> = {}) {
  const [tool] = adapter.tools;
  const pace = createNotedPace();
  const cache = createMapCache();
  const run = async (
    action: string,
    given: Record<string, unknown> = {},
    context: Partial<ToolContext> = {},
  ): Promise<ToolResult & { data: Record<string, unknown> }> => {
    const found = tool?.actions.find(({ id }) => id === action);
    if (!found) throw new Error(`There is no action ${action}`);
    const checked = checkParameters(found.input, given);
    if (!checked.ok) throw new AppError("invalid_parameters", checked.problems.join("; "));
    const result = await found.run(
      checked.value,
      createContext({
        http: createTestClient({ pace, cache }),
        config: sandbox.baseUrls,
        connection: connectionWith(token),
        ...more,
        ...context,
      }),
    );
    return result as ToolResult & { data: Record<string, unknown> };
  };
  return { run, pace, cache };
}

/** What an action fails with. */
export async function failureOf(work: Promise<unknown>): Promise<AppError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("It did not fail");
}

/** Sends the form of a consent page, with a person and a decision. @returns where the browser is sent */
export async function decideAt(url: string, account: string, decision = "allow"): Promise<URL> {
  const form = await formAt(url);
  const body = new URLSearchParams({ account, decision });
  const answer = await fetch(new URL(form.action, url), { method: "POST", body, redirect: "manual" });
  const location = answer.headers.get("location");
  if (answer.status !== 302 || !location) throw new Error(`The page answered ${answer.status}: ${await answer.text()}`);
  return new URL(location);
}

async function formAt(url: string): Promise<Form> {
  const html = await (await fetch(url, { redirect: "manual" })).text();
  const [form] = await formsOf(new Response(html));
  if (!form) throw new Error(`There is no form: ${html}`);
  return form;
}

export const slackRedirect = "https://mcqueen.example/connect/slack/callback";
const people = { ada: "U0ADALOVE1", grace: "U0GRACEHO1" };
const allScopes =
  "chat:write,channels:read,groups:read,im:read,mpim:read,channels:history,groups:history,im:history,mpim:history,im:write,users:read,users:read.email,search:read";

/** A person's own token at the stand-in of Slack, got as an app gets it. */
export async function slackToken(
  sandbox: Sandbox,
  who: keyof typeof people = "ada",
  scopes = allScopes,
): Promise<string> {
  const { SLACK_BASE_URL: base, SLACK_CLIENT_ID = "", SLACK_CLIENT_SECRET = "" } = sandbox.baseUrls;
  const query = new URLSearchParams({
    client_id: SLACK_CLIENT_ID,
    user_scope: scopes,
    redirect_uri: slackRedirect,
    state: "s",
  });
  const back = await decideAt(`${base}/oauth/v2/authorize?${query}`, people[who]);
  const answer = await fetch(`${base}/api/oauth.v2.access`, {
    method: "POST",
    body: new URLSearchParams({
      client_id: SLACK_CLIENT_ID,
      client_secret: SLACK_CLIENT_SECRET,
      code: back.searchParams.get("code") ?? "",
      redirect_uri: slackRedirect,
    }),
  });
  return ((await answer.json()) as { authed_user: { access_token: string } }).authed_user.access_token;
}

/** A token of LinkedIn's generator. */
export async function linkedinToken(
  sandbox: Sandbox,
  scopes: readonly string[],
  account = "adaL0vel4c",
): Promise<string> {
  const url = `${sandbox.baseUrls.LINKEDIN_OAUTH_BASE_URL}/developers/tools/oauth/token-generator`;
  const body = new URLSearchParams([
    ["account", account],
    ...scopes.map((scope): [string, string] => ["scope", scope]),
  ]);
  const html = await (await fetch(url, { method: "POST", body })).text();
  return /id="token">([^<]+)</.exec(html)?.[1] ?? "";
}

/** Everything that ordinary apps of LinkedIn may ask for. */
export const linkedinScopes = ["openid", "profile", "email", "w_member_social"];
