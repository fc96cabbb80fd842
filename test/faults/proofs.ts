import { join } from "node:path";
import type { Figure } from "./row.ts";

/** A promise that tests elsewhere prove already; they run with all the others. */
interface Proof {
  id: string;
  promise: string;
  file: string;
  /** Which tests of that file, as a pattern. */
  tests: string;
}

export const existingProofs: readonly Proof[] = [
  {
    id: "killed-approval",
    promise: "killed while it does what a person approved: told as not known, never done twice",
    file: "test/daemon/killed.test.ts",
    tests: "",
  },
  {
    id: "two-daemons",
    promise: "a second daemon exits at once and names the first one's pid and address",
    file: "test/daemon/daemon.test.ts",
    tests: "a second one on the same database",
  },
  {
    id: "port-taken",
    promise: "a taken port ends the start, and no other port is taken instead",
    file: "test/daemon/daemon.test.ts",
    tests: "a taken port is named|does not share the port",
  },
  {
    id: "in-flight",
    promise: "a request in flight is finished when SIGTERM comes",
    file: "test/daemon/daemon.test.ts",
    tests: "a request in flight",
  },
  {
    id: "refresh-race",
    promise: "sixteen processes renew a login once; killed at any step, nobody logs in again",
    file: "test/oauth/renewal.test.ts",
    tests: "",
  },
  {
    id: "refresh-trouble",
    promise: "a token endpoint in trouble ends no login, and no token is lost",
    file: "test/oauth/token-keeper.test.ts",
    tests: "",
  },
  {
    id: "circuit",
    promise: "a provider that fails is left alone, and one request tries again after a while",
    file: "test/net/circuit.test.ts",
    tests: "",
  },
  {
    id: "bounded-tries",
    promise: "an upstream request ends within its deadline, whatever comes back",
    file: "test/net/client.test.ts",
    tests: "",
  },
  {
    id: "one-burn",
    promise: "a login token opens one session, also fifty times at once and after a restart",
    file: "test/http/login.test.ts",
    tests: "fifty replays|a used token stays used",
  },
  {
    id: "log-lost",
    promise: "a log that cannot be written ends nothing, and says later how much was lost",
    file: "test/log.test.ts",
    tests: "",
  },
];

/** Runs the tests, and counts them. */
export async function proveByTest({ file, tests }: Proof): Promise<Figure> {
  const child = Bun.spawn([process.execPath, "test", file, ...(tests === "" ? [] : ["-t", tests])], {
    cwd: join(import.meta.dir, "../.."),
    env: { ...process.env, NO_COLOR: "1" },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const said = await child.stderr.text();
  const exit = await child.exited;
  const count = (word: string): number => Number(new RegExp(`^ *(\\d+) ${word}`, "m").exec(said)?.[1] ?? 0);
  const passed = count("pass");
  const text = `${passed} passed, ${count("fail")} failed in ${file}`;
  return exit === 0 && passed > 0 ? { ok: true, text } : { ok: false, text: `${text}\n${said.slice(-2_000)}` };
}
