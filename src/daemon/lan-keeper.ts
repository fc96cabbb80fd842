import type { App } from "../app.ts";
import { AppError } from "../core/errors.ts";
import type { Listener } from "../http/listener.ts";
import type { HttpServer } from "../http/server.ts";
import { findAddress, listAddresses, type OwnAddress } from "../lan/addresses.ts";
import { ensureIdentity, isDue } from "../lan/identity.ts";
import type { Settings } from "../settings.ts";
import type { LanState } from "./record.ts";

/** Keeps the listener on the LAN while its address comes, goes and changes. */
export interface LanKeeper {
  /** Looks once, as it does by itself now and then. */
  check(): Promise<void>;
  stop(): Promise<void>;
}

export interface LanKeeperOptions {
  addresses?: () => OwnAddress[];
  everyMs?: number;
}

const goneGraceMs = 200;

/** Where one place says off, it is off: whoever starts a program chooses its environment. */
export const isLanOn = (settings: Settings): boolean =>
  settings.text("LAN") === "on" && !settings.everywhere("LAN").includes("off");

/**
 * Opens the listener and watches over it. Without its address it waits, and never listens on another one.
 * @throws AppError conflict when the port is taken, not_configured without an address in the settings
 */
export async function keepLan(
  app: App,
  server: HttpServer,
  tell: (state: LanState) => void,
  { addresses = listAddresses, everyMs = 5_000 }: LanKeeperOptions = {},
): Promise<LanKeeper> {
  const { settings } = app;
  const wanted = settings.text("LAN_ADDRESS");
  if (wanted === undefined) {
    throw new AppError("not_configured", "LAN is on, and LAN_ADDRESS says nowhere", { hint: "Run: mcqueen lan on" });
  }
  let port = settings.number("LAN_PORT");
  let open: { address: string; endsAt: Date; listener: Listener } | undefined;
  let told = "";
  const say = (state: LanState): void => {
    if (told === JSON.stringify(state)) return;
    told = JSON.stringify(state);
    if (state.listening) app.log.info("listening on the LAN", { url: state.url });
    else app.log.warn("not listening on the LAN", { why: state.why });
    tell(state);
  };
  const close = async (): Promise<void> => {
    const closing = open;
    open = undefined;
    await closing?.listener.stop(goneGraceMs);
  };
  const look = async (): Promise<void> => {
    const found = findAddress(addresses(), wanted);
    if (!found) {
      await close();
      return say({ listening: false, why: `This computer does not have ${wanted} now; waiting for it`, hint: another });
    }
    if (open?.address === found.address && !isDue(open.endsAt, app.now())) return;
    const folder = settings.home.keys;
    const { tls, names, endsAt, authority, fingerprint, pin } = await ensureIdentity({
      folder,
      address: found,
      now: app.now(),
      mayReplace: false,
    });
    await close();
    const listener = server.also({
      hostname: found.address,
      port,
      kind: "lan",
      tls,
      // Only where it is loopback itself may it be called by loopback's name.
      names: names.filter((name) => name !== "localhost" || found.network.startsWith("127.")),
      lan: { authority, fingerprint, pin },
    });
    port = listener.port;
    open = { address: found.address, endsAt, listener };
    say({ listening: true, url: listener.lan?.url ?? "", pin });
  };
  await look().catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code === "conflict") throw error;
    say(stateOf(error));
  });
  let running: Promise<void> | undefined;
  const check = (): Promise<void> => {
    running ??= look()
      .catch((error: unknown) => {
        if (!(error instanceof AppError)) app.log.error("the listener on the LAN failed", { error });
        say(error instanceof AppError ? stateOf(error) : { listening: false, why: "An unexpected failure" });
      })
      .finally(() => {
        running = undefined;
      });
    return running;
  };
  const timer = setInterval(() => void check(), everyMs);
  return {
    check,
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

const another = "If you are in another network now: mcqueen lan on";

const stateOf = ({ message, hint }: AppError): LanState => ({
  listening: false,
  why: message,
  ...(hint === undefined ? {} : { hint }),
});
