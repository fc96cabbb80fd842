import { appendFileSync } from "node:fs";
import { createApp } from "../../src/app.ts";
import type { Caller } from "../../src/core/call.ts";
import type { Steps } from "../../src/core/steps.ts";
import { loadSettings } from "../../src/settings.ts";
import { owner } from "./home.ts";
import { createLetters, toyAdapter } from "./toys.ts";

const terminal: Caller = { ...owner, credentialId: "terminal", interactive: true };

/** Where a process stops and never goes on: before a write acts, while it acts, or nowhere. */
export type Hang = "before" | "within" | "never";

/** The program on a home, with a tool that notes each act in a file, and hangs where told. */
export async function createHanging(home: string, acts: string, hang: Hang, say: (text: string) => void) {
  const never = (text: string): Promise<never> => {
    say(text);
    return new Promise(() => setInterval(() => undefined, 1_000));
  };
  const { tool } = createLetters();
  const actions = tool.actions.map((action) => ({
    ...action,
    run: async (letter: Record<string, unknown>) => {
      appendFileSync(acts, `${JSON.stringify(letter)}\n`);
      if (hang === "within") await never("acting");
      return { data: { id: "1" }, metadata: { provider: "Toy" } };
    },
  }));
  const settings = loadSettings({ env: { MCQUEEN_HOME: home, POLICY: "cli.write=approve" } });
  const adapters = [toyAdapter({ ...tool, actions })];
  if (hang !== "before") return createApp({ settings, adapters });
  const audit: Steps["audit"] = {
    intend: () => never("admitted"),
    settle: async () => undefined,
    note: () => undefined,
  };
  return createApp({ settings, adapters, steps: { audit } });
}

/** Run as a process of its own: approves, and says how far it came. */
if (import.meta.main) {
  const [home = "", acts = "", hang = "", id = ""] = process.argv.slice(2);
  const say = (text: string): void => void process.stdout.write(`${text}\n`);
  const app = await createHanging(home, acts, hang as Hang, say);
  const outcome = await app.approvals.approve(terminal, id).catch((error: unknown) => error);
  say(outcome instanceof Error ? `refused: ${outcome.message}` : JSON.stringify(outcome));
  await app.close();
}
