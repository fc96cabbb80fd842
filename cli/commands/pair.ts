import { Option } from "commander";
import type { App } from "../../src/app.ts";
import { listDevice, type PairOptions } from "../../src/core/device.ts";
import { AppError } from "../../src/core/errors.ts";
import type { Pairing, PairingStatus } from "../../src/core/pairing.ts";
import type { Cli } from "../cli.ts";
import { askUntil } from "../confirm.ts";
import { Exit } from "../exit.ts";
import { localCaller } from "../local.ts";
import { writeAll } from "../output.ts";
import { findTarget, type PairTarget } from "../pair-target.ts";
import { renderQr } from "../qr.ts";
import { sanitiseLine } from "../sanitise.ts";
import type { Define } from "../verbs.ts";

interface Options extends Omit<PairOptions, "tools"> {
  tool?: string[];
  local?: true;
}

const pollMs = 100;

const choice = (flag: string, about: string) =>
  new Option(`${flag} <choice>`, about).choices(["deny", "approve", "ask", "allow"]);

export const define: Define = (command, cli) => {
  command
    .option("--name <name>", "what you call it; else what it calls itself")
    .addOption(new Option("--tool <id>", "only this tool (repeat for more)").argParser(collect))
    .addOption(choice("--writes", "the most that a write may be on it"))
    .addOption(choice("--destructive", "the same for destructive actions; as --writes unless told"))
    .option("--local", "for a program on this computer, to try it out")
    .addHelpText(
      "after",
      '\nExamples:\n  mcqueen pair\n  mcqueen pair --name "Kitchen tablet" --writes deny --destructive deny',
    )
    .action((options: Options) => pair(cli(), options));
};

async function pair(cli: Cli, { tool, local, name, writes, destructive }: Options): Promise<void> {
  if (!cli.out.interactive) {
    throw new AppError("forbidden", "Pairing wants a person at a terminal", {
      hint: "Type it in a terminal of your own.",
    });
  }
  const target = await findTarget(cli, local ?? false);
  const app = await cli.app();
  const by = localCaller(true);
  const { id, code } = await app.pairing.open(by, target, {
    ...(name === undefined ? {} : { name }),
    ...(writes === undefined ? {} : { writes }),
    ...(destructive === undefined ? {} : { destructive }),
    ...(tool === undefined ? {} : { tools: [...new Set(tool)] }),
  });
  const interrupted = new AbortController();
  const onInterrupt = (): void => interrupted.abort();
  process.once("SIGINT", onInterrupt);
  try {
    await showCode(cli, target, code);
    const came = await until(app, id, interrupted.signal, ["open", "claimed"]);
    if (came.status !== "numbered") throw endOf(came.status);
    await confirm(app, came, interrupted.signal);
    const done = await until(app, id, interrupted.signal, ["confirmed"]);
    if (done.status !== "paired") throw endOf(done.status, "confirmed");
    const device = (await app.devices.list(by.userId)).find((each) => each.id === done.deviceId);
    if (!device) throw new AppError("conflict", "The device was revoked at once");
    cli.out.data(
      { success: true, device: listDevice(device), metadata: {} },
      (paint, here) =>
        `${paint.green("✓")} Paired ${sanitiseLine(device.name)} (${device.id}). ${here(`mcqueen devices revoke ${device.id}`)} ends it.`,
    );
  } finally {
    process.off("SIGINT", onInterrupt);
    // Whatever ended this, nobody is at the terminal any more to say yes.
    await app.pairing.refuse(by, id);
  }
}

async function showCode(cli: Cli, { base, pin }: PairTarget, code: string): Promise<void> {
  const url = `${base}/pair#${code}${pin === undefined ? "" : `&fp=${pin}`}`;
  const { picture, columns, rows } = await renderQr(url, !cli.facts.noColor && !cli.facts.plain);
  const { columns: width = columns, rows: height = rows + 2 } = process.stderr;
  cli.out.tell(`Scan it with the phone, or open there:\n${url}`);
  // Last but for one line, so that it stands whole in a window of 24 rows.
  if (width >= columns) writeAll(2, picture);
  if (width < columns || height < rows + 2) {
    cli.out.tell(
      `This window is too small for the code, which takes ${columns} columns and ${rows + 2} rows. Make it larger, and run it again.`,
    );
  }
  cli.out.tell("Waiting for the phone, two minutes at most. Ctrl-C ends it.");
}

async function confirm(app: App, came: Pairing, interrupted: AbortSignal): Promise<void> {
  const { id, number = "" } = came;
  const by = localCaller(true);
  const name = sanitiseLine(came.deviceName ?? "");
  const over = new AbortController();
  const watching = until(app, id, over.signal, ["numbered"]).then(
    () => over.abort(),
    () => undefined,
  );
  const question = `“${name}” wants to be paired. It has to show this number: ${number}\nIf it does, type the number; anything else refuses it: `;
  const signal = AbortSignal.any([over.signal, interrupted]);
  const typed = await askUntil(question, signal).finally(() => over.abort());
  await watching;
  if (typed === undefined) throw endOf((await app.pairing.look(id)).status, "numbered");
  // Typed, since a yes comes easily also to whoever has not looked.
  if (typed.replaceAll(" ", "") !== number) {
    await app.pairing.refuse(by, id);
    throw new AppError("declined", "That was not the number, so no phone was paired");
  }
  await app.pairing.confirm(by, id);
}

/** How a pairing stands once it is in none of these states any more. */
async function until(app: App, id: string, signal: AbortSignal, states: PairingStatus[]): Promise<Pairing> {
  for (;;) {
    const pairing = await app.pairing.look(id);
    if (!states.includes(pairing.status)) return pairing;
    if (signal.aborted) {
      writeAll(2, "\n");
      throw new Exit(130);
    }
    await Bun.sleep(pollMs);
  }
}

function endOf(status: PairingStatus, after?: "numbered" | "confirmed"): AppError {
  const again = { hint: "Run it again: mcqueen pair" };
  if (status === "burned")
    return new AppError("conflict", "Five wrong codes were tried, so this pairing has ended", again);
  if (status === "replaced") return new AppError("conflict", "Another mcqueen pair was begun, so this one has ended");
  if (status !== "expired") return new AppError("declined", "The pairing was called off");
  if (after === "confirmed") return new AppError("timeout", "The phone did not fetch its token in time", again);
  if (after === "numbered") return new AppError("timeout", "Nobody confirmed the number in time", again);
  return new AppError("timeout", "No phone came in time", again);
}

const collect = (value: string, before: string[] = []): string[] => [...before, value];
