import {
  type InputRequiredResult,
  inputRequired,
  type RequestStateCodec,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { Call } from "../core/call.ts";
import type { Failure } from "../core/outcome.ts";
import type { Abilities, Asker } from "./asker.ts";
import type { Offer } from "./offer.ts";

/** What a question that went to the client is bound to, sealed on its way. */
export type Question = { tool: string; confirm: string; fields: string[] } | { tool: string; login: string };

export interface QuestionParts {
  codec: RequestStateCodec<Question>;
  /** A link that begins a person's login; undefined where no browser could open one. */
  linkTo(asker: Asker, service: string): Promise<string | undefined>;
}

/** A call that did not run, and whom it came from. */
interface Refused {
  asker: Asker;
  offer: Offer;
  abilities: Abilities;
  outcome: Failure;
  /** What was asked before. */
  asked: Question | undefined;
  call: Call;
  ctx: ServerContext;
}

/** What the client is to ask its person; undefined where it cannot, or must not. */
export async function questionFor(
  parts: QuestionParts,
  { asker, offer, abilities, outcome, asked, call, ctx }: Refused,
): Promise<InputRequiredResult | undefined> {
  const tool = offer.listed.name;
  const { metadata } = outcome;
  if (outcome.code === "confirmation_required" && abilities.form) {
    const fields = metadata.requires_confirmation as string[];
    const state: Question = { tool, confirm: String(metadata.confirmation_id), fields };
    return inputRequired({
      inputRequests: {
        confirm: inputRequired.elicit({ message: messageOf(metadata, call), requestedSchema: yesOrNo }),
      },
      requestState: await parts.codec.mint(state, ctx),
    });
  }
  if (outcome.code === "auth_required" && abilities.url && !(asked && "login" in asked)) {
    const service = String(metadata.requires_auth);
    const url = await parts.linkTo(asker, service);
    if (url === undefined) return undefined;
    return inputRequired({
      inputRequests: {
        login: inputRequired.elicitUrl({ message: `mcqueen needs your login to ${service} for this.`, url }),
      },
      requestState: await parts.codec.mint({ tool, login: service }, ctx),
    });
  }
  return undefined;
}

const yesOrNo = {
  type: "object" as const,
  properties: { confirm: { type: "boolean" as const, title: "Do it", description: "Whether it is to be done" } },
  required: ["confirm"],
};

const longestValue = 500;

/** The question, and below it everything that would be sent, so that nothing slips in beside what the question names. */
function messageOf(metadata: Record<string, unknown>, { parameters, account }: Call): string {
  const given = { ...(parameters as Record<string, unknown>), ...(account === undefined ? {} : { account }) };
  const lines = Object.entries(given).map(([field, value]) => {
    const text = typeof value === "string" ? value : JSON.stringify(value);
    const shown = text.length > longestValue ? `${text.slice(0, longestValue)}… (${text.length} signs)` : text;
    return `${field}: ${withinItsField(shown)}`;
  });
  return [withinItsField(String(metadata.confirmation_prompt)), ...lines].join("\n");
}

/** A value whose further lines are set in, so that none of them looks like another field, and none runs backwards. */
const withinItsField = (text: string): string =>
  text.replace(/\r\n?|[\n\p{Zl}\p{Zp}]/gu, "\n  ").replace(/(?!\n)[\p{Cc}\p{Bidi_Control}]/gu, " ");
