import { binary, type Ran } from "./binary.ts";

const addressTold = /^\s*(http:\/\/127\.0\.0\.1:\d+\/google-accounts\/\S+)$/m;

/** The address to open, in what a login told. */
export const addressIn = (shown: string): string => addressTold.exec(shown)?.[1] ?? "";

/** The compiled binary in the sandbox, logging in. `await using` ends it should it still run. */
export async function beginLogin(home: string, words: readonly string[], env: Record<string, string> = {}) {
  const child = Bun.spawn([await binary(), "--sandbox", "login", ...words], {
    env: {
      PATH: process.env.PATH ?? "",
      HOME: home,
      MCQUEEN_HOME: home,
      VAULT_KEY: "file",
      TZ: "UTC",
      NO_COLOR: "1",
      ...env,
    },
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
  });
  const told = createTold(child.stderr);
  return {
    child,
    /** The address that it wants opened in a browser. */
    url: async (): Promise<string> => addressIn(await told.until(addressTold)),
    /** What it told, once that holds the text. */
    told: told.until,
    paste: async (line: string): Promise<void> => {
      child.stdin.write(`${line}\n`);
      await child.stdin.flush();
    },
    endInput: async (): Promise<void> => void (await child.stdin.end()),
    async ended(): Promise<Ran> {
      const [out, err] = await Promise.all([child.stdout.text(), told.all]);
      return { exit: await child.exited, out, err, json: /^\{/.test(out) ? JSON.parse(out) : undefined };
    },
    async [Symbol.asyncDispose](): Promise<void> {
      child.kill();
      await child.exited;
    },
  };
}

/** Collects a stream, and lets one wait for what it brings. */
function createTold(stream: ReadableStream<Uint8Array>) {
  let text = "";
  let over = false;
  let more = Promise.withResolvers<void>();
  const all = (async (): Promise<string> => {
    const decoder = new TextDecoder();
    for await (const chunk of stream) {
      text += decoder.decode(chunk, { stream: true });
      more.resolve();
      more = Promise.withResolvers();
    }
    over = true;
    more.resolve();
    return text;
  })();
  return {
    all,
    async until(pattern: RegExp): Promise<string> {
      while (!pattern.test(text)) {
        if (over) throw new Error(`It never told ${pattern}:\n${text}`);
        await more.promise;
      }
      return text;
    },
  };
}
