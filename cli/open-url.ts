import { AppError } from "../src/core/errors.ts";

/**
 * Opens an address in the person's browser. No shell sees it, and an opener that fails is told.
 * @param options.anyHttp also plain http beyond this computer
 * @throws AppError usage for what is no web address, not_configured where nothing opens one
 */
export async function openUrl(address: string, options: { anyHttp?: boolean } = {}): Promise<void> {
  const url = URL.parse(address);
  const isLocal = url !== null && /^(127(\.\d+){3}|localhost|\[::1\])$/.test(url.hostname);
  const mayHttp = isLocal || options.anyHttp === true;
  if (!url || !(url.protocol === "https:" || (url.protocol === "http:" && mayHttp))) {
    throw new AppError("usage", "Only web addresses are opened: https, or http on this computer");
  }
  const { default: open } = await import("open");
  try {
    // The parsed form, in which nothing is left that an opener could take for an option.
    await open(url.href);
  } catch (cause) {
    throw new AppError("not_configured", "No browser could be opened here", { cause });
  }
}
