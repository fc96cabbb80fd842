import { expect } from "bun:test";
import { binary } from "./binary.ts";
import { consentAt } from "./google.ts";

/** Logs the binary of this home in to a service of the sandbox, as a person with a browser does. */
export async function logInAtTerminal(
  home: string,
  service: string,
  email: string,
  words: string[] = [],
): Promise<void> {
  const child = Bun.spawn([await binary(), "--sandbox", "login", service, "--no-browser", ...words], {
    env: { PATH: process.env.PATH ?? "", HOME: home, MCQUEEN_HOME: home, VAULT_KEY: "file", TZ: "UTC" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const decoder = new TextDecoder();
  let said = "";
  let isAsked = false;
  for await (const chunk of child.stderr) {
    said += decoder.decode(chunk, { stream: true });
    const url = /https?:\/\/127\.0\.0\.1:\d+\/google-accounts\/\S+/.exec(said)?.[0];
    if (!url || isAsked || !said.includes("\n", said.indexOf(url))) continue;
    isAsked = true;
    await fetch(await consentAt(url, { email }));
  }
  expect([await child.exited, said]).toEqual([0, expect.any(String)]);
}
