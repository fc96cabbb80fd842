import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { childEnvironment } from "../../src/settings.ts";
import type { Cli } from "../cli.ts";
import { submitAt } from "../demo-page.ts";
import { runWithPerson } from "../demo-person.ts";
import type { DemoPage, DemoRequest, DemoStep } from "../demo-step.ts";
import { demoSteps } from "../demo-steps.ts";
import { Exit } from "../exit.ts";
import { sanitise } from "../sanitise.ts";
import { select } from "../select.ts";
import { selfCommand } from "../self.ts";
import type { Define } from "../verbs.ts";

type Environment = Record<string, string | undefined>;

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
  let interrupted = false;
  const onInterrupt = (): void => {
    interrupted = true;
  };
  process.on("SIGINT", onInterrupt);
  process.on("SIGTERM", onInterrupt);
  try {
    const kept: Kept = new Map();
    for (const step of demoSteps) {
      results.push(await play(step, env, say, cli, kept));
      if (interrupted) throw new Exit(130);
    }
  } finally {
    await runWords(["--sandbox", "daemon", "stop"], env);
    rmSync(home, { recursive: true, force: true });
    process.off("SIGINT", onInterrupt);
    process.off("SIGTERM", onInterrupt);
  }
  const failed = results.filter(({ ok }) => !ok);
  cli.out.data({ success: failed.length === 0, data: results, metadata: { sandbox: true } }, () =>
    failed.length === 0
      ? `\n✓ All ${results.length} steps did what they should. Next: mcqueen run get_weather --location "your town"`
      : `\n✗ ${failed.length} of ${results.length} steps failed: ${failed.map(({ command }) => command).join("; ")}`,
  );
  if (failed.length > 0) throw new Exit(1);
}

type Kept = Map<string, string>;

async function play(
  step: DemoStep,
  env: Environment,
  say: (text: string) => void,
  cli: Cli,
  kept: Kept,
): Promise<StepResult> {
  const shown = step.http ? curlOf(step.http) : step.page ? placeOf(step.page) : commandOf(step);
  say(`\n${step.about ? `${cli.out.paint.dim(`# ${step.about}`)}\n` : ""}${cli.out.paint.bold(`$ ${shown}`)}\n`);
  const words = step.words.map((word) => fill(word, kept));
  const { output, exitCode } = await perform(step, words, { ...env, ...step.env }, kept);
  say(step.page ? `(answered)\n` : sanitise(output));
  if (step.keep) kept.set(step.keep.name, pick(output, step.keep));
  const { exit = 0, expect, absent = [] } = step;
  const isRight = expect.every((text) => output.includes(text)) && !absent.some((text) => output.includes(text));
  const ok = exitCode === exit && isRight;
  if (!ok) say(`✗ expected exit ${exit} and the text ${expect.join(", ")}; exit was ${exitCode}\n`);
  return { command: shown, exit_code: exitCode, ok };
}

function perform(step: DemoStep, words: readonly string[], env: Environment, kept: Kept) {
  if (step.http) return callHttp(step.http, env, kept);
  if (step.page) return submitAt(fill(`$STANDINS${step.page.path}`, kept), fillAll(step.page.fields, kept));
  if (step.consent) return runWithPerson(words, env, step.consent.email);
  return runWords(words, env, step.stdin === undefined ? undefined : fill(step.stdin, kept));
}

async function runWords(words: readonly string[], env: Environment, stdin?: string) {
  const child = Bun.spawn([...selfCommand(), ...words], {
    env,
    stdin: stdin === undefined ? "ignore" : new Blob([stdin]),
    stdout: "pipe",
    stderr: "pipe",
  });
  const [out, err, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { output: out + err, exitCode };
}

const commandOf = ({ words, env = {}, stdin }: DemoStep): string =>
  [
    ...(stdin === undefined ? [] : [`echo "${stdin}" |`]),
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    "mcqueen",
    ...words.map(quote),
  ].join(" ");

const placeOf = ({ shown, path }: DemoPage): string => `# at $STANDINS${path}: ${shown}`;

/** Puts what was kept in the place of $NAME. */
const fill = (text: string, kept: Kept): string =>
  text.replace(/\$([A-Z]+)/g, (whole, name: string) => kept.get(name) ?? whole);

const fillAll = (fields: DemoPage["fields"], kept: Kept): Record<string, string | string[]> =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === "string" ? fill(value, kept) : value.map((each) => fill(each, kept)),
    ]),
  );

const curlOf = ({ path, bearer, body }: DemoRequest): string =>
  [
    `curl $URL${path}`,
    ...(bearer ? [`-H "Authorization: Bearer ${bearer}"`] : []),
    ...(body === undefined ? [] : [`-H "Content-Type: application/json" -d '${JSON.stringify(body)}'`]),
  ].join(" ");

/** Sends the request of the shown curl line, so that the tour needs no curl. */
async function callHttp({ path, bearer, body }: DemoRequest, env: Environment, kept: Kept) {
  const status = await runWords(["--sandbox", "daemon", "status", "--select", "data.url"], env);
  const response = await fetch(`${status.output.trim()}${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      ...(bearer ? { authorization: `Bearer ${fill(bearer, kept)}` } : {}),
      "content-type": "application/json",
    },
    ...(body === undefined ? {} : { body: fill(JSON.stringify(body), kept) }),
  });
  return { output: `${await response.text()}\n`, exitCode: response.ok ? 0 : 22 };
}

function pick(output: string, { field, find }: NonNullable<DemoStep["keep"]>): string {
  if (find) return [...output.matchAll(find)].at(-1)?.[1] ?? "";
  const [first = ""] = output.split("\n");
  return field === undefined ? first.trim() : String(select(JSON.parse(output), field));
}

const quote = (word: string): string => (/^[\w@%+=:,./$-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
