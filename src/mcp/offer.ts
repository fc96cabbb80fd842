import type { TObject, TSchema } from "@sinclair/typebox";
import type { App } from "../app.ts";
import { agentNameOf } from "../core/agent-name.ts";
import { type Caller, toolsOf } from "../core/call.ts";
import type { Action, Tool } from "../core/tool.ts";

/** One action as agents see it. */
export interface Offer {
  tool: Tool;
  action: Action;
  /** Parameters of ours, beside those of the action. */
  own: { account: boolean; approval: boolean };
  /** As it goes over the wire. */
  listed: ListedOffer;
}

export interface ListedOffer {
  name: string;
  title: string;
  description: string;
  inputSchema: { type: "object"; [key: string]: unknown };
  outputSchema?: { type: "object"; [key: string]: unknown };
  annotations: {
    title: string;
    readOnlyHint: boolean;
    destructiveHint: boolean;
    idempotentHint: boolean;
    openWorldHint: boolean;
  };
}

export interface Offers {
  find(name: string): Offer | undefined;
  /** What this caller may use, sorted by name. It differs by who asks, never by the connection. */
  list(caller: Caller): Promise<ListedOffer[]>;
}

/** All actions, each as one tool of the protocol. @throws Error when two would bear one name */
export function createOffers(app: App): Offers {
  const byName = new Map<string, Offer>();
  const chosen = app.agents.tools;
  for (const tool of app.registry.tools) {
    for (const action of tool.actions) {
      const offer = describe(tool, action);
      const { name } = offer.listed;
      if (chosen.length > 0 && !chosen.includes(name) && !chosen.includes(tool.id)) continue;
      if (byName.has(name)) throw new Error(`Two actions are called ${name} by agents`);
      byName.set(name, offer);
    }
  }
  const offers = [...byName.values()].sort((a, b) => (a.listed.name < b.listed.name ? -1 : 1));
  return {
    find: (name) => byName.get(name),
    async list(caller) {
      const [tools, user] = await Promise.all([
        app.listTools(caller.userId, { all: true }),
        app.findUser(caller.userId),
      ]);
      const disabled = new Set(tools.filter(({ status }) => status === "disabled").map(({ id }) => id));
      const isReadOnly = app.agents.readOnly || user?.restrictions.readOnly || caller.limits?.readOnly;
      const isOpen = ({ tool, action }: Offer): boolean =>
        !disabled.has(tool.id) &&
        (toolsOf(caller)?.includes(tool.id) ?? true) &&
        (caller.limits?.tools?.includes(tool.id) ?? true) &&
        (action.effect === "read" || !(isReadOnly || isDenied(caller, action)));
      return offers.filter(isOpen).map(({ listed }) => listed);
    },
  };
}

function isDenied({ grant, bounds }: Caller, { effect }: Action): boolean {
  const held = grant ?? bounds;
  return held !== undefined && (effect === "write" ? held.writes : held.destructive) === "deny";
}

function describe(tool: Tool, action: Action): Offer {
  const taken = action.input.properties;
  const own = {
    account: tool.authService !== undefined && !("account" in taken),
    approval: !("approval_id" in taken),
  };
  const isOnly = tool.actions.length === 1;
  const title = isOnly ? tool.name : `${tool.name}: ${action.description}`;
  const outputSchema = objectSchema(action.output);
  const isRead = action.effect === "read";
  return {
    tool,
    action,
    own,
    listed: {
      name: agentNameOf(tool, action),
      title,
      description: isOnly ? tool.description : `${action.description}. ${tool.description}`,
      // A read waits by a rule of the person's alone, which is too rare to tell of in each tool.
      inputSchema: inputSchema(action.input, { ...own, approval: own.approval && !isRead }),
      ...(outputSchema ? { outputSchema } : {}),
      annotations: {
        title,
        readOnlyHint: isRead,
        destructiveHint: action.effect === "destructive" || action.overwrites === true,
        idempotentHint: action.idempotent ?? isRead,
        openWorldHint: tool.providers !== undefined || tool.authService !== undefined,
      },
    },
  };
}

/** The schema as plain JSON: in memory, a schema's symbols would make clients stumble. */
const plain = (schema: TSchema): Record<string, unknown> =>
  JSON.parse(JSON.stringify(schema)) as Record<string, unknown>;

function inputSchema(input: TObject, own: Offer["own"]): ListedOffer["inputSchema"] {
  const { properties = {}, ...rest } = plain(input) as { properties?: Record<string, unknown> };
  const ours = {
    ...(own.account
      ? { account: { type: "string", description: "Which of the person's accounts; their default one unless told" } }
      : {}),
    ...(own.approval
      ? {
          approval_id: {
            type: "string",
            description:
              "The id that an earlier call was answered with while a person was asked: gives what came of it",
          },
        }
      : {}),
  };
  return { ...rest, type: "object", properties: { ...properties, ...ours } };
}

function objectSchema(schema: TSchema): ListedOffer["outputSchema"] {
  const { type, ...rest } = plain(schema);
  const members = Array.isArray(rest.anyOf) ? (rest.anyOf as { type?: unknown }[]) : [];
  const isObject = type === "object" || (members.length > 0 && members.every((member) => member.type === "object"));
  return isObject ? { ...rest, type: "object" } : undefined;
}
