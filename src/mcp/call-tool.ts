import {
  type CallToolRequest,
  type CallToolResult,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  ProtocolError,
  ProtocolErrorCode,
  type RequestStateCodec,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { App } from "../app.ts";
import type { Call } from "../core/call.ts";
import { AppError } from "../core/errors.ts";
import { type Failure, failure, type Outcome } from "../core/outcome.ts";
import { printable } from "../core/parameters.ts";
import { answerOf } from "./answer.ts";
import { type Abilities, type Asker, abilitiesOf } from "./asker.ts";
import type { Offer, Offers } from "./offer.ts";
import { createProgress, type Patience } from "./patience.ts";

/** What a question that went to the client is bound to, sealed on its way. */
export type Question = { tool: string; confirm: string; fields: string[] } | { tool: string; login: string };

export interface CallParts {
  app: App;
  offers: Offers;
  patience: Patience;
  codec: RequestStateCodec<Question>;
  askerOf(ctx: ServerContext): Asker;
  /** A link that begins a person's login; undefined where no browser could open one. */
  linkTo(asker: Asker, service: string): Promise<string | undefined>;
}

/** Takes one tools/call down the one road, and asks the client's person where that is allowed. */
export async function callTool(
  parts: CallParts,
  server: Server,
  { params }: CallToolRequest,
  ctx: ServerContext,
): Promise<CallToolResult | InputRequiredResult> {
  const offer = parts.offers.find(params.name);
  if (!offer) throw new ProtocolError(ProtocolErrorCode.InvalidParams, `Unknown tool: ${printable(params.name)}`);
  const abilities = abilitiesOf(server, ctx);
  const from = parts.askerOf(ctx);
  const asker = { ...from, caller: { ...from.caller, interactive: abilities.form } };
  const asked = ctx.mcpReq.requestState<Question>();
  if (asked && asked.tool !== offer.listed.name)
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, "Invalid or expired requestState");
  const progress = createProgress(ctx);
  const { signal } = ctx.mcpReq;
  const { account, approval_id, ...parameters } = ownOf(offer, params.arguments ?? {});

  if (approval_id !== undefined) {
    return answerOf(await pickUp(parts.app, asker, offer, approval_id, parameters.rest), offer);
  }
  const call: Call = {
    tool: offer.tool.id,
    ...(offer.tool.actions.length > 1 ? { action: offer.action.id } : {}),
    parameters: parameters.rest,
    caller: asker.caller,
    signal,
    ...(account === undefined ? {} : { account }),
    ...(progress ? { progress } : {}),
  };
  if (asked && "confirm" in asked) {
    const said = inputResponse(ctx.mcpReq.inputResponses, "confirm");
    if (said.kind === "elicit" && !(said.action === "accept" && said.content?.confirm === true))
      return answerOf(declined, offer);
    if (said.kind === "elicit") {
      call.confirmationId = asked.confirm;
      call.confirmations = Object.fromEntries(asked.fields.map((field) => [field, true]));
    }
  }
  if (asked && "login" in asked) {
    const said = inputResponse(ctx.mcpReq.inputResponses, "login");
    if (said.kind === "elicit" && said.action !== "accept") return answerOf(declined, offer);
    await parts.patience.awaitLogin({ asker, signal, progress }, asked.login);
  }
  if (asked) {
    // A question takes its time, and what the caller may do can change meanwhile.
    const caller = await from.again();
    if (!caller) return answerOf(gone, offer);
    call.caller = { ...caller, interactive: abilities.form };
  }

  const outcome = await parts.app.execute(call);
  if (outcome.ok) return answerOf(outcome, offer);
  const question = await questionFor(parts, asker, offer, abilities, outcome, asked, call, ctx);
  if (question) return question;
  if (outcome.code !== "approval_required") return answerOf(outcome, offer);
  const approvalId = String(outcome.metadata.approval_id);
  return answerOf(await parts.patience.awaitApproval({ asker, signal, progress }, approvalId), offer);
}

/** Parts the parameters that are ours from those of the action. */
function ownOf({ own }: Offer, given: Record<string, unknown>) {
  const rest = { ...given };
  const take = (name: string, isOurs: boolean): string | undefined => {
    if (!isOurs || !(name in rest)) return undefined;
    const value = rest[name];
    delete rest[name];
    return typeof value === "string" && value !== "" ? value.slice(0, 100) : undefined;
  };
  return { account: take("account", own.account), approval_id: take("approval_id", own.approval), rest };
}

/** What the client is to ask its person; undefined where it cannot, or must not. */
async function questionFor(
  parts: CallParts,
  asker: Asker,
  offer: Offer,
  abilities: Abilities,
  outcome: Failure,
  asked: Question | undefined,
  call: Call,
  ctx: ServerContext,
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

const declined: Failure = failure(new AppError("declined", "The person said no, so nothing was done"));

const gone: Failure = failure(new AppError("unauthenticated", "This login has ended, so nothing was done"));

/** What came of an approval, for whoever asked for it and nobody else. */
async function pickUp(
  { approvals }: App,
  { caller }: Asker,
  { tool, action }: Offer,
  id: string,
  given: Record<string, unknown>,
): Promise<Outcome> {
  try {
    const approval = await approvals.show(caller.userId, id);
    const isTheirs =
      approval.asked_by.credential_id === caller.credentialId &&
      approval.tool === tool.id &&
      approval.action === action.id;
    if (!isTheirs) throw new AppError("not_found", "There is no such approval of this tool");
    const differing = Object.keys(given).filter((name) => !Bun.deepEquals(given[name], approval.parameters[name]));
    if (differing.length > 0)
      throw new AppError("conflict", `That approval is for other parameters: ${differing.map(printable).join(", ")}`);
    return await approvals.outcome(caller.userId, id);
  } catch (error) {
    if (error instanceof AppError) return failure(error);
    throw error;
  }
}
