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
export const abilitiesOf = (server: Server, ctx: ServerContext): Abilities =>
  abilitiesIn(
    (ctx.mcpReq.envelope as Record<string, unknown> | undefined)?.[CLIENT_CAPABILITIES_META_KEY] ??
      server.getClientCapabilities(),
  );

/** The same of declared capabilities. */
export function abilitiesIn(declared: unknown): Abilities {
  const elicitation = isRecord(declared) ? declared.elicitation : undefined;
  if (!isRecord(elicitation)) return { form: false, url: false };
  // Before there were two kinds, an empty object meant forms.
  return { form: isRecord(elicitation.form) || Object.keys(elicitation).length === 0, url: isRecord(elicitation.url) };
}

/** Who sent a message. */
export interface Asker {
  /** As it was when the message came. */
  caller: Caller;
  /** As it is now; undefined once its credential has ended. */
  again(): Promise<Caller | undefined>;
  /** Where the person's browser reaches us; undefined where it cannot. */
  origin?: string;
  /** Makes the answer of JSON text, with the headers of the house. */
  respond?(text: string): Response;
}

/** Whether whoever sent a message still may. */
export const isWelcome = async ({ again }: Asker): Promise<boolean> => (await again()) !== undefined;

/** The key under which an HTTP request hands its asker to the handlers. */
export const askerKey = "asker";
