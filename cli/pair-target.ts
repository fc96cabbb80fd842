import { AppError } from "../src/core/errors.ts";
import type { PairingRoute } from "../src/core/pairing.ts";
import { readStatus } from "../src/daemon/control.ts";
import type { DaemonRecord } from "../src/daemon/record.ts";
import { readIdentity } from "../src/lan/identity.ts";
import type { Cli } from "./cli.ts";

/** Where a phone finds the daemon. */
export interface PairTarget {
  via: PairingRoute;
  base: string;
  /** What it has to pin; undefined where TLS is not ours. */
  pin?: string;
}

/**
 * The address for the code: on the LAN, behind a TLS proxy, or on this computer alone.
 * @throws AppError not_found without a daemon, not_configured while the LAN is off, unavailable while it waits for its address
 */
export async function findTarget(cli: Cli, local: boolean): Promise<PairTarget> {
  const { running, record } = await readStatus(cli.home());
  if (!running || !record) {
    throw new AppError("not_found", "No daemon runs that a phone could reach", { hint: "Run: mcqueen daemon start" });
  }
  if (local) {
    const pin = record.url.startsWith("https:") ? readIdentity(cli.home().keys)?.pin : undefined;
    return { via: viaOf(record), base: record.url, ...(pin === undefined ? {} : { pin }) };
  }
  const settings = await cli.settings();
  const publicUrl = settings.text("PUBLIC_URL");
  if (settings.text("TLS") === "proxy" && publicUrl !== undefined) {
    return { via: viaOf(record), base: publicUrl.replace(/\/+$/, "") };
  }
  const { lan } = record;
  if (lan === undefined) {
    const isSet = settings.text("LAN") === "on";
    throw new AppError("not_configured", "The daemon does not listen on the LAN, so no phone can reach it", {
      hint: isSet
        ? "It was started before the LAN was switched on. Run: mcqueen daemon restart"
        : "Run: mcqueen lan on",
    });
  }
  if (lan.listening) return { via: "lan", base: lan.url, pin: lan.pin };
  throw new AppError("unavailable", `The daemon does not listen on the LAN: ${lan.why}`, {
    hint: lan.hint ?? "Run: mcqueen lan status",
  });
}

const viaOf = ({ host }: DaemonRecord): PairingRoute =>
  host === "localhost" || host === "::1" || host.startsWith("127.") ? "loopback" : "proxy";
