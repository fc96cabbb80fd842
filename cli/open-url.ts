import { AppError } from "../src/core/errors.ts";

export interface OpenOptions {
  /** Takes http from any host, for addresses that the web gave; else only from this computer. */
  anyHttp?: boolean;
}

/** Milliseconds in which an opener that finds no browser has given up. */
const patienceMs = 1_500;

/**
 * Opens an address in the person's browser. It is parsed first and goes to the opener as one argument, through no shell.
 * @throws AppError usage for anything but https, or http on this computer; not_configured where nothing opens web pages
 */
export async function openUrl(url: string, options: OpenOptions = {}): Promise<void> {
  const { href } = checkedUrl(url, options);
  const { default: open } = await import("open");
  let opener: Awaited<ReturnType<typeof open>>;
  try {
    opener = await open(href);
  } catch (cause) {
    throw noOpener(href, cause);
  }
  const { promise: ended, resolve } = Promise.withResolvers<number | null>();
  if (opener.exitCode !== null) resolve(opener.exitCode);
  opener.once("exit", resolve);
  const timer = setTimeout(resolve, patienceMs, null);
  const code = await ended;
  clearTimeout(timer);
  opener.off("exit", resolve);
  if (code) throw noOpener(href, new Error(`the opener ended with ${code}`));
}

/** @throws AppError usage */
export function checkedUrl(url: string, { anyHttp = false }: OpenOptions = {}): URL {
  const parsed = URL.parse(url);
  if (!parsed) throw new AppError("usage", "That is no web address", { hint: "It begins with https://" });
  const isGood = parsed.protocol === "https:" || (parsed.protocol === "http:" && (anyHttp || isLoopback(parsed)));
  if (!isGood) {
    throw new AppError("usage", `An address that begins with ${parsed.protocol} is not opened`, {
      hint: anyHttp ? "Only http and https are." : "Only https is, and http on this computer.",
    });
  }
  if (parsed.username !== "" || parsed.password !== "")
    throw new AppError("usage", "An address with a user name in it is not opened");
  return parsed;
}

const isLoopback = ({ hostname }: URL): boolean =>
  /^(localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$|\.localhost$/.test(hostname);

const noOpener = (href: string, cause: unknown): AppError =>
  new AppError("not_configured", "No program here opens web pages", {
    hint: `Open it yourself: ${href}`,
    cause,
  });
