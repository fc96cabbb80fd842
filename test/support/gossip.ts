import type { Adapter } from "../../src/core/adapter.ts";
import { AppError } from "../../src/core/errors.ts";
import type { OAuthProvider } from "../../src/core/oauth-provider.ts";
import { google } from "../../src/oauth/google.ts";
import { binary } from "./binary.ts";
import { mailbox, tokenOf } from "./toy-mailbox.ts";

/** A provider that hands out tokens by hand. */
export const hub: OAuthProvider = {
  ...google,
  id: "hub",
  name: "Hub",
  services: [{ id: "repos", name: "Repos", scopes: ["repo"] }],
  client: { id: "GOOGLE_CLIENT_ID", secret: "GOOGLE_CLIENT_SECRET" },
  modes: { "": ["token"] },
  confirmToken: async () => ({ identity: {} }),
};

/** Tools whose service repeats the token that it was sent, and that pass it on: in a defect, a refusal and a result. */
export const gossips = (base: string): Adapter[] =>
  (
    [
      ["throws", 500],
      ["refuses", 403],
      ["answers", 200],
    ] as const
  ).map(([how, status]) => {
    const adapter = mailbox(async (context) => {
      const token = await tokenOf(context);
      const answer = await fetch(`${base}/api/${status}`, { headers: { authorization: `Bearer ${token}` } });
      const text = await answer.text();
      if (how === "throws") throw new Error(`the service said ${text}`);
      if (how === "refuses") {
        throw new AppError("upstream_rejected", `The service said ${text}`, { hint: text, metadata: { text } });
      }
      return { text, token, nested: [{ [token]: text.length }] };
    });
    return { ...adapter, service: how, tools: adapter.tools.map((tool) => ({ ...tool, id: how })) };
  });

/**
 * A login by the command line, whose browser comes back with this code. The printed address holds the state, as it has
 * to, and is left out of what was said.
 */
export async function loginAtTerminal(env: Record<string, string>, code: string) {
  const child = Bun.spawn([await binary(), "login", "google", "--no-browser"], {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  let text = "";
  const { promise: printed, resolve: print } = Promise.withResolvers<string | undefined>();
  const listen = async (stream: ReadableStream<Uint8Array>): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      text += decoder.decode(chunk, { stream: true });
      const address = /https?:\/\/\S+state=\S+(?=\s)/.exec(text)?.[0];
      if (address !== undefined) print(address);
    }
  };
  const heard = [listen(child.stdout), listen(child.stderr)];
  const over = Promise.all([...heard, child.exited]);
  const url = await Promise.race([printed, over.then(() => undefined)]);
  if (url === undefined) throw new Error(`No address was printed: ${text}`);
  const query = new URL(url).searchParams;
  const state = query.get("state") ?? "";
  const page = await (await fetch(`${query.get("redirect_uri")}?${new URLSearchParams({ state, code })}`)).text();
  await over;
  return { state, text: text.replaceAll(url, ""), page };
}
