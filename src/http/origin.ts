import type { App } from "../app.ts";
import type { Place } from "../core/client-token.ts";
import { factsOf } from "./facts.ts";

/** The address that a request came to. Its Host was on the list, or the door would have refused it. */
export function originOf({ settings }: App, request: Request): string {
  const url = factsOf(request).url ?? new URL(request.url);
  const publicUrl = settings.text("PUBLIC_URL");
  const known = publicUrl === undefined ? undefined : new URL(publicUrl);
  return known?.host === url.host ? known.origin : url.origin;
}

/** Who gives tokens here, and what they are for. `localhost` and `127.0.0.1` are two places. */
export function placeOf(app: App, request: Request): Place {
  const issuer = originOf(app, request);
  return { issuer, resource: `${issuer}/mcp` };
}
