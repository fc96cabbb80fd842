import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { childEnvironment } from "../../src/settings.ts";
import type { Cli } from "../cli.ts";
import { type DemoStep, demoSteps } from "../demo-steps.ts";
import { Exit } from "../exit.ts";
import { sanitise } from "../sanitise.ts";
import { selfCommand } from "../self.ts";
import type { Define } from "../verbs.ts";

interface StepResult {
  command: string;
  exit_code: number;
  ok: boolean;
}

export const define: Define = (command, cli) => {
  command
    .description("a tour on a throw-away home, with stand-ins of the services; it touches nothing of yours")
    .action(() => tour(cli()));
};

async function tour(cli: Cli): Promise<void> {
  const home = mkdtempSync(join(tmpdir(), "mcqueen-demo-"));
  const env = childEnvironment({ MCQUEEN_HOME: home, NO_COLOR: "1", PORT: "0" });
  for (const name of ["MCQUEEN_SERVER", "MCQUEEN_TOKEN", "LOG_LEVEL", "LOG_FILE"]) delete env[name];
  const results: StepResult[] = [];
  const say = (text: string): void => {
    if (!cli.out.json) cli.out.write(text);
  };
  say(`A tour of mcqueen in ${home}, removed at the end. All services are local stand-ins (--sandbox).\n`);
  try {
    for (const step of demoSteps) results.push(await play(step, env, say, cli));
  } finally {
    await runWords(["--sandbox", "daemon", "stop"], env);
    rmSync(home, { recursive: true, force: true });
  }
  const failed = results.filter(({ ok }) => !ok);
  cli.out.data({ success: failed.length === 0, data: results, metadata: { sandbox: true } }, () =>
    failed.length === 0
      ? `\n✓ All ${results.length} steps did what they should. Next: mcqueen run get_weather --location "your town"`
      : `\n✗ ${failed.length} of ${results.length} steps failed: ${failed.map(({ command }) => command).join("; ")}`,
  );
  if (failed.length > 0) throw new Exit(1);
}

async function play(
  step: DemoStep,
  env: Record<string, string | undefined>,
  say: (text: string) => void,
  cli: Cli,
): Promise<StepResult> {
  const shown = step.http ? step.http.shown : `mcqueen ${step.words.map(quote).join(" ")}`;
  say(`\n${cli.out.paint.dim(`# ${step.about}`)}\n${cli.out.paint.bold(`$ ${shown}`)}\n`);
  const { output, exitCode } = step.http
    ? await callHttp(step.http.path, step.http.body, env)
    : await runWords(step.words, env);
  say(sanitise(output));
  const ok = exitCode === (step.exit ?? 0) && step.expect.every((text) => output.includes(text));
  if (!ok) say(`✗ expected exit ${step.exit ?? 0} and the text ${step.expect.join(", ")}; exit was ${exitCode}\n`);
  return { command: shown, exit_code: exitCode, ok };
}

async function runWords(words: readonly string[], env: Record<string, string | undefined>) {
  const child = Bun.spawn([...selfCommand(), ...words], { env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [out, err, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { output: out + err, exitCode };
}

/** Sends the request of the shown curl line, so that the tour needs no curl. */
async function callHttp(path: string, body: unknown, env: Record<string, string | undefined>) {
  const status = await runWords(["--sandbox", "daemon", "status", "--select", "data.url"], env);
  const token = (await runWords(["--sandbox", "daemon", "token", "--quiet"], env)).output.trim();
  const url = `${status.output.trim()}${path}`;
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const response = await fetch(url, {
    method: body === undefined ? "GET" : "POST",
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { output: `${await response.text()}\n`, exitCode: response.ok ? 0 : 22 };
}

const quote = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
