import { AppError } from "../../src/core/errors.ts";
import { isLanOn } from "../../src/daemon/lan-keeper.ts";
import { isServed } from "../../src/daemon/lock.ts";
import { readRecord } from "../../src/daemon/record.ts";
import { chooseAddress, listAddresses } from "../../src/lan/addresses.ts";
import { ensureIdentity, type LanIdentity, readIdentity } from "../../src/lan/identity.ts";
import type { Cli } from "../cli.ts";
import { ask, askNumber } from "../confirm.ts";
import { outline } from "../table.ts";
import type { Define } from "../verbs.ts";
import { restart } from "./daemon.ts";

interface OnOptions {
  interface?: string;
  address?: string;
  newAuthority?: true;
}

export const define: Define = (command, cli) => {
  command
    .command("on")
    .description("listen in your own network too, with TLS. Wants a terminal, where you repeat a number")
    .option("--address <ip>", "the address of this computer to listen on")
    .option("--interface <name>", "the address that this network interface has, also when it changes")
    .option("--new-authority", "make a new certificate authority; phones have to install it anew")
    .action((options: OnOptions) => on(cli(), options));
  command
    .command("off")
    .description("listen on this computer only")
    .action(() => off(cli()));
  command
    .command("status")
    .description("where it listens, and the fingerprints to compare")
    .action(() => status(cli()));
  command.addHelpText(
    "after",
    "\nExamples:\n  mcqueen lan on\n  mcqueen lan on --interface wlan0\n  mcqueen lan status",
  );
};

async function on(cli: Cli, options: OnOptions): Promise<void> {
  const settings = await cli.settings();
  const { interface: name, address } = options;
  if (name !== undefined && address !== undefined)
    throw new AppError("usage", "Give --address or --interface, not both");
  const chosen = chooseAddress(listAddresses(), {
    ...(address === undefined ? {} : { address }),
    ...(name === undefined ? {} : { name }),
  });
  if (!cli.out.interactive) {
    throw new AppError("forbidden", "Letting others reach this computer wants a person at a terminal", {
      hint: "Type it in a terminal of your own.",
    });
  }
  const port = settings.number("LAN_PORT");
  await askNumber(
    `Whoever is in the network of ${chosen.address} (${chosen.name}) will reach this daemon at port ${port}, with TLS.\nWithout a paired phone or a token they can do nothing.\n`,
  );
  const { isNewAuthority, ...identity } = await ensureIdentity({
    folder: settings.home.keys,
    address: chosen,
    now: new Date(),
    mayReplace: true,
    renewAuthority: options.newAuthority ?? false,
  });
  const { keepSettings } = await import("../../src/settings-file.ts");
  keepSettings(settings.home, { LAN: "on", LAN_ADDRESS: name ?? chosen.address });
  const now = await cli.settings();
  cli.out.data(
    { success: true, data: { lan: "on", address: chosen.address, port, ...fingerprints(identity) }, metadata: {} },
    () => `The LAN is on, at ${chosen.address} (${chosen.name}), port ${port}.\n${describe(identity)}`,
  );
  if (isNewAuthority) cli.out.note("The certificate authority is new. A phone that had installed one needs this one.");
  if (!isLanOn(now)) cli.out.note("It stays off all the same: the environment says LAN=off, and off wins.");
  await takeOver(cli);
}

async function off(cli: Cli): Promise<void> {
  const settings = await cli.settings({ lenient: true });
  const { keepSettings } = await import("../../src/settings-file.ts");
  keepSettings(settings.home, { LAN: "off" });
  cli.out.data({ success: true, data: { lan: "off" }, metadata: {} }, () => "The LAN is off.");
  await takeOver(cli);
}

/** A running daemon has to start again; a program that asks for this may not be ready for that. */
async function takeOver(cli: Cli): Promise<void> {
  if (!isServed(cli.home())) return cli.out.note("Next: mcqueen daemon start");
  if (
    cli.out.interactive &&
    !cli.out.json &&
    (await ask("The running daemon takes it over when it restarts. Restart it now?"))
  )
    return restart(cli);
  cli.out.note("The running daemon takes it over with: mcqueen daemon restart");
}

async function status(cli: Cli): Promise<void> {
  const settings = await cli.settings();
  const { home } = settings;
  const lan = isServed(home) ? readRecord(home)?.lan : undefined;
  const identity = readIdentity(home.keys);
  const wanted = settings.text("LAN_ADDRESS");
  const isOn = isLanOn(settings);
  const data = {
    lan: isOn ? "on" : "off",
    address: wanted ?? null,
    port: settings.number("LAN_PORT"),
    listening: lan?.listening ?? false,
    url: lan?.listening ? lan.url : null,
    ...(lan && !lan.listening ? { why: lan.why, ...(lan.hint ? { hint: lan.hint } : {}) } : {}),
    ...(identity ? fingerprints(identity) : {}),
    addresses: listAddresses(),
  };
  cli.out.data({ success: true, data, metadata: {} }, () =>
    [
      outline({
        LAN: data.lan,
        address: wanted ?? "none yet",
        listening: data.url ?? whyNot(isOn, isServed(home), lan && "why" in lan ? lan.why : undefined),
        ...(lan && "hint" in lan ? { hint: lan.hint } : {}),
      }),
      ...(identity ? [describe(identity)] : []),
      outline({ "this computer has": data.addresses.map(({ address, name }) => `${address} (${name})`).join(", ") }),
    ].join("\n"),
  );
}

function whyNot(isOn: boolean, isRunning: boolean, why: string | undefined): string {
  if (why !== undefined) return `no: ${why}`;
  if (!isOn) return isRunning ? "no" : "no. Run: mcqueen lan on";
  return isRunning ? "no: the daemon started before. Run: mcqueen daemon restart" : "no. Run: mcqueen daemon start";
}

const fingerprints = ({ pin, fingerprint, names, endsAt }: LanIdentity) => ({
  spki_sha256: pin,
  ca_sha256: fingerprint,
  names,
  certificate_ends: endsAt.toISOString(),
});

const describe = (identity: LanIdentity): string =>
  outline({
    "SPKI SHA-256": identity.pin,
    "authority SHA-256": identity.fingerprint,
    names: identity.names.join(", "),
    "certificate until": identity.endsAt.toISOString().slice(0, 10),
  });
