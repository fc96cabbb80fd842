import { AppError } from "../../src/core/errors.ts";
import { readStatus } from "../../src/daemon/control.ts";
import { isLanOn } from "../../src/daemon/lan-keeper.ts";
import type { LanState } from "../../src/daemon/record.ts";
import { chooseAddress, listAddresses, type OwnAddress } from "../../src/lan/addresses.ts";
import { ensureIdentity, readIdentity } from "../../src/lan/identity.ts";
import { settingFaults } from "../../src/settings.ts";
import { keepSettings } from "../../src/settings-file.ts";
import type { Cli } from "../cli.ts";
import { askNumber } from "../confirm.ts";
import { outline } from "../table.ts";
import type { Define } from "../verbs.ts";
import { restartRunning } from "./daemon.ts";

interface OnOptions {
  interface?: string;
  address?: string;
  port?: string;
  newAuthority?: true;
}

export const define: Define = (command, cli) => {
  command
    .command("on")
    .description("listen in your network too, with TLS; only paired phones get in. Wants a terminal")
    .option("--interface <name>", "the network interface, whatever address it has by then")
    .option("--address <ip>", "the address; needed where this computer has several")
    .option("--port <number>", "the port of that listener")
    .option("--new-authority", "make a new certificate authority; phones that trust the old one need the new one")
    .action((options: OnOptions) => turnOn(cli(), options));
  command
    .command("off")
    .description("listen on this computer alone again")
    .action(() => turnOff(cli()));
  command
    .command("status")
    .description("addresses, and the fingerprints to compare")
    .action(() => status(cli()));
  command.addHelpText(
    "after",
    "\nExamples:\n  mcqueen lan on\n  mcqueen lan on --interface wlan0\n  mcqueen lan status",
  );
};

async function turnOn(cli: Cli, options: OnOptions): Promise<void> {
  const { address: given, interface: name } = options;
  if (name !== undefined && given !== undefined) throw new AppError("usage", "Give --address or --interface, not both");
  const faults = options.port === undefined ? [] : settingFaults("LAN_PORT", options.port);
  if (faults.length > 0)
    throw new AppError("usage", `--port ${options.port}: ${faults.join("; ")}`, { hint: "Run: mcqueen lan on --help" });
  const address = chooseAddress(listAddresses(), {
    ...(given === undefined ? {} : { address: given }),
    ...(name === undefined ? {} : { name }),
  });
  if (!cli.out.interactive) {
    throw new AppError("forbidden", "Letting others reach this computer wants a person at a terminal", {
      hint: "Type it in a terminal of your own.",
    });
  }
  await askNumber(announce(address));
  const identity = await ensureIdentity({
    folder: cli.home().keys,
    address,
    now: new Date(),
    mayReplace: true,
    renewAuthority: options.newAuthority ?? false,
  });
  keepSettings(cli.home(), {
    LAN: "on",
    LAN_ADDRESS: name ?? address.address,
    ...(options.port === undefined ? {} : { LAN_PORT: options.port }),
  });
  if (!isLanOn(await cli.settings({ lenient: true })))
    cli.out.note("It stays off all the same: the environment says LAN=off, and off wins.");
  if (identity.isNewAuthority)
    cli.out.note("The certificate authority is new. A phone may install it from the page /lan of that address.");
  await restartRunning(cli);
  await status(cli);
}

const announce = ({ address, name, network }: OwnAddress): string =>
  `The daemon will listen at ${address} (${name}) for the computers in ${network}, with TLS.\n` +
  "They will see that it is there, and can bring a pairing code. Everything else wants a phone that you paired, or a token.\n";

async function turnOff(cli: Cli): Promise<void> {
  const { record } = await readStatus(cli.home());
  const wasOn = isLanOn(await cli.settings({ lenient: true }));
  keepSettings(cli.home(), { LAN: "off" });
  // Whoever is at work with the daemon is not interrupted for what is so already.
  if (wasOn || record?.lan) await restartRunning(cli);
  await status(cli);
}

interface LanFacts {
  on: boolean;
  /** Whether a daemon runs at all. */
  running: boolean;
  /** Address or interface in the settings. */
  address: string | null;
  port: number;
  /** How the running daemon has it; null while none listens or waits there. */
  listener: LanState | null;
  url: string | null;
  names: readonly string[];
  /** Of the listener's public key, base64url, as apps pin it. */
  spki_sha256: string | null;
  /** Of the authority's certificate. */
  ca_sha256: string | null;
  certificate_ends_at: string | null;
  /** All that it could listen on. */
  addresses: { address: string; interface: string }[];
}

async function readFacts(cli: Cli): Promise<LanFacts> {
  const settings = await cli.settings({ lenient: true });
  const { running, record } = await readStatus(cli.home());
  const identity = readIdentity(cli.home().keys);
  const listener = record?.lan ?? null;
  return {
    on: isLanOn(settings),
    running,
    address: settings.text("LAN_ADDRESS") ?? null,
    port: settings.number("LAN_PORT"),
    listener,
    url: listener?.listening ? listener.url : null,
    names: identity?.names ?? [],
    spki_sha256: identity?.pin ?? null,
    ca_sha256: identity?.fingerprint ?? null,
    certificate_ends_at: identity?.endsAt.toISOString() ?? null,
    addresses: listAddresses().map(({ address, name }) => ({ address, interface: name })),
  };
}

async function status(cli: Cli): Promise<void> {
  const facts = await readFacts(cli);
  cli.out.data({ success: true, data: facts, metadata: {} }, (paint, here) => {
    const { listener } = facts;
    const addresses = facts.addresses.map((each) => `${each.address} (${each.interface})`).join(", ");
    if (!facts.on) return `${here("LAN is off. Turn it on: mcqueen lan on")}\n${outline({ addresses })}`;
    const how = listener?.listening
      ? `${paint.green("✓")} LAN is on at ${listener.url}`
      : paint.red(
          here(listener ? `${listener.why}. ${listener.hint ?? ""}`.trim() : facts.running ? notYet : notRunning),
        );
    const shown = {
      names: facts.names.join(", "),
      "key, SPKI SHA-256": facts.spki_sha256,
      "authority, SHA-256": facts.ca_sha256,
      "certificate until": facts.certificate_ends_at?.slice(0, 10),
      addresses,
    };
    return `${how}\n${outline(shown)}${listener?.listening ? here("\nPair a phone: mcqueen pair") : ""}`;
  });
}

const notRunning = "LAN is on, and no daemon runs that would listen. Run: mcqueen daemon start";
const notYet = "LAN is on, and the daemon was started before that. Run: mcqueen daemon restart";
