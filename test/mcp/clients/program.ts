import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { readAsPerson } from "../../support/person.ts";

const installed = join(import.meta.dir, "node_modules");
const node =
  [join(installed, `node-${process.platform}-${process.arch}/bin/node`)].find(existsSync) ?? Bun.which("node");

/** Programs by others, as their makers published them. They and the Node that they want lie apart from what we depend on. */
const programs = {
  inspector: join(installed, "@modelcontextprotocol/inspector/clients/launcher/build/index.js"),
  mcpc: join(installed, "@apify/mcpc/bin/mcpc"),
  mcporter: join(installed, "mcporter/dist/cli.js"),
};

export const isInstalled = node !== null && Object.values(programs).every(existsSync);

/** A name for tests of these programs, which says why they are left out where they are. */
export const withPrograms = (name: string): string =>
  isInstalled ? name : `${name} (left out: bun run clients installs them)`;

export interface ProgramOptions {
  home: string;
  env?: Record<string, string>;
  /** Who says yes when the program tells where to log in. */
  session?: string;
}

/** Runs one of them to its end. */
export async function runProgram(name: keyof typeof programs, words: string[], options: ProgramOptions) {
  const child = Bun.spawn([node ?? "node", programs[name], ...words], {
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    env: {
      PATH: `${dirname(node ?? "")}:${process.env.PATH ?? ""}`,
      HOME: options.home,
      NO_COLOR: "1",
      // Stands in the browser's place: the tests open the link themselves.
      BROWSER: "true",
      ...options.env,
    },
  });
  const read = (stream: ReadableStream<Uint8Array>): Promise<string> =>
    options.session === undefined ? stream.text() : readAsPerson(stream, options.session);
  try {
    const [out, err] = await Promise.all([read(child.stdout), read(child.stderr)]);
    return { exit: await child.exited, out, err };
  } catch (error) {
    child.kill();
    throw error;
  }
}
