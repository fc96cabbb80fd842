import type { Server, ServerContext } from "@modelcontextprotocol/server";
import { CLIENT_CAPABILITIES_META_KEY } from "@modelcontextprotocol/server";
import type { Caller } from "../core/call.ts";
import { isRecord } from "../core/parameters.ts";

/** What a client declared that it can ask the person at its other end. */
export interface Abilities {
  form: boolean;
  url: boolean;
}

/** Read from the request itself where it says so, else from how the connection began. */
export function abilitiesOf(server: Server, ctx: ServerContext): Abilities {
  const declared =
    (ctx.mcpReq.envelope as Record<string, unknown> | undefined)?.[CLIENT_CAPABILITIES_META_KEY] ??
    server.getClientCapabilities();
  const elicitation = isRecord(declared) ? declared.elicitation : undefined;
  if (!isRecord(elicitation)) return { form: false, url: false };
  // Before there were two kinds, an empty object meant forms.
  return { form: isRecord(elicitation.form) || Object.keys(elicitation).length === 0, url: isRecord(elicitation.url) };
}

/** Who sent a message, and whether they still may. */
export interface Asker {
  caller: Caller;
  isWelcome(): Promise<boolean>;
  /** Where the person's browser reaches us; undefined where it cannot. */
  origin?: string;
}

/** The key under which an HTTP request hands its asker to the handlers. */
export const askerKey = "asker";
