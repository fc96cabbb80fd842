import type { App } from "../app.ts";
import { AppError } from "../core/errors.ts";
import { isLoopback } from "../http/address.ts";
import type { ListenOptions } from "../http/listener.ts";
import type { HttpServer } from "../http/server.ts";
import type { Settings } from "../settings.ts";

export interface MainListenOptions extends ListenOptions {
  /** When its certificate ends, where it has one. */
  endsAt?: Date;
}

/**
 * The listener at HOST and PORT: this computer's own, plain or with TLS, or one behind a TLS proxy.
 * @throws AppError forbidden for an address beyond loopback without such a proxy, invalid_parameters when one is half set up
 */
export async function mainListener(app: App): Promise<MainListenOptions> {
  const { settings } = app;
  const { hostname, port, tls } = placeIn(settings);
  if (isOwnHost(hostname)) {
    if (tls !== "on") return { hostname, port };
    const { ensureIdentity } = await import("../lan/identity.ts");
    const address = { address: "127.0.0.1", name: "lo", network: "127.0.0.0/8" };
    const identity = await ensureIdentity({ folder: settings.home.keys, address, now: app.now(), mayReplace: false });
    return { hostname, port, tls: identity.tls, endsAt: identity.endsAt };
  }
  return { hostname, port, kind: "proxy" };
}

/** Where the settings say that it listens. @throws AppError forbidden, invalid_parameters */
function placeIn(settings: Settings): { hostname: string; port: number; tls: string | undefined } {
  const hostname = settings.text("HOST") ?? "127.0.0.1";
  const tls = settings.text("TLS");
  if (tls === "proxy") requireProxySettings(settings);
  requireHost(hostname, tls);
  return { hostname, port: settings.number("PORT"), tls };
}

/**
 * Refuses beforehand what a daemon with these settings could not listen at.
 * @param running where the one listens that it replaces
 * @throws AppError as `mainListener` does, and conflict for a port that somebody else has
 */
export async function requireListenable(
  settings: Settings,
  running: { hostname: string; port: number } | undefined,
): Promise<void> {
  const { hostname, port } = placeIn(settings);
  if (running?.port === port && running.hostname === hostname) return;
  const { requireFree } = await import("../http/listener.ts");
  requireFree(hostname, port);
}

const isOwnHost = (hostname: string): boolean => hostname === "localhost" || isLoopback(hostname);

/** @throws AppError forbidden for an address beyond loopback without a TLS proxy */
export function requireHost(hostname: string, tls: string | undefined): void {
  if (tls === "proxy" || isOwnHost(hostname)) return;
  throw new AppError("forbidden", `The daemon serves this computer only; HOST=${hostname} is not a loopback address`, {
    hint: "Use HOST=127.0.0.1. For your own network: mcqueen lan on. Behind a TLS proxy of yours: TLS=proxy.",
  });
}

const renewalGraceMs = 5_000;

/** A look at whether the listener's certificate ends soon; then it is opened anew with a fresh one, at the same port. */
export function createRenewal(app: App, server: HttpServer, { endsAt }: MainListenOptions): () => Promise<void> {
  let until = endsAt;
  return async () => {
    if (until === undefined) return;
    const { isDue } = await import("../lan/identity.ts");
    if (!isDue(until, app.now())) return;
    const next = await mainListener(app);
    server.renew(next, renewalGraceMs);
    until = next.endsAt;
    app.log.info("the certificate for this computer was renewed", { until: until?.toISOString() });
  };
}

/** The address for programs on this computer. */
export function urlOf({ hostname, tls }: ListenOptions, port: number): string {
  // Clients on BoringSSL take a certificate below ours by name only.
  if (tls) return `https://localhost:${port}`;
  const own = hostname === "0.0.0.0" ? "127.0.0.1" : hostname === "::" ? "::1" : hostname;
  return `http://${own.includes(":") ? `[${own}]` : own}:${port}`;
}

function requireProxySettings(settings: Settings): void {
  const problems = [
    ...(settings.text("PUBLIC_URL")?.startsWith("https://") ? [] : ["PUBLIC_URL has to be its https address"]),
    ...(settings.list("TRUSTED_PROXIES").length > 0 ? [] : ["TRUSTED_PROXIES has to name it"]),
  ];
  if (problems.length === 0) return;
  throw new AppError("invalid_parameters", `TLS=proxy needs a proxy: ${problems.join("; ")}`, {
    hint: "Run: mcqueen settings set PUBLIC_URL https://…, and mcqueen settings set TRUSTED_PROXIES <address>",
  });
}
