/** Schemes of their own that well-known clients have registered with the system. */
const appSchemes = new Set(["cursor:", "vscode:", "vscode-insiders:", "windsurf:", "zed:", "claude:"]);

const loopbackHosts = new Set(["127.0.0.1", "[::1]", "localhost"]);

const isLoopbackHttp = (url: URL): boolean => url.protocol === "http:" && loopbackHosts.has(url.hostname);

/** A scheme of a program of its own, as RFC 8252 wants it: a reversed domain name, so that it has a dot. */
const isAppScheme = (protocol: string): boolean =>
  appSchemes.has(protocol) || /^[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+:$/.test(protocol);

/** Why a redirect address may not be registered; undefined for a good one. */
export function redirectFault(uri: string): string | undefined {
  if (uri.length > 2_000 || !/^[\x21-\x7e]+$/.test(uri)) return "it is no plain address";
  const url = URL.canParse(uri) ? new URL(uri) : undefined;
  if (!url) return "it is no address";
  if (uri.includes("#")) return "it has a fragment";
  if (url.username !== "" || url.password !== "") return "it holds a name or a password";
  if (uri.includes("\\") || uri.includes("*")) return "it holds signs that browsers read otherwise";
  if (url.protocol === "https:") return url.hostname === "" ? "it names no host" : undefined;
  if (url.protocol === "http:") return isLoopbackHttp(url) ? undefined : "http is for this computer only";
  return isAppScheme(url.protocol) ? undefined : "its scheme is not taken";
}

/**
 * Whether a request's redirect is one that was registered: the same text, sign by sign. Only on loopback may the port
 * differ, because a program there takes what is free.
 */
export function matchesRedirect(registered: string, asked: string): boolean {
  if (registered === asked) return true;
  if (redirectFault(registered) !== undefined || redirectFault(asked) !== undefined) return false;
  const [a, b] = [new URL(registered), new URL(asked)];
  return isLoopbackHttp(a) && isLoopbackHttp(b) && withoutPort(registered, a) === withoutPort(asked, b);
}

/** The text of an address with its port cut out, and nothing else changed. */
function withoutPort(text: string, { hostname }: URL): string | undefined {
  const match = /^http:\/\/(\[[0-9a-f:.]+\]|[a-z0-9.-]+)(:\d{1,5})?(?=[/?]|$)/.exec(text);
  return match?.[1] === hostname ? `http://${hostname}${text.slice(match[0].length)}` : undefined;
}
