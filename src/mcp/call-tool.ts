import {
  type CallToolRequest,
  type CallToolResult,
  type InputRequiredResult,
  inputResponse,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { App } from "../app.ts";
import type { Call } from "../core/call.ts";
import { AppError } from "../core/errors.ts";
import { type Failure, failure, type Outcome } from "../core/outcome.ts";
import { printable } from "../core/parameters.ts";
import { answerOf } from "./answer.ts";
import { type Asker, abilitiesOf } from "./asker.ts";
import type { Offer, Offers } from "./offer.ts";
import { createProgress, type Patience } from "./patience.ts";
import { type Question, type QuestionParts, questionFor } from "./question.ts";

export interface CallParts extends QuestionParts {
  app: App;
  offers: Offers;
  patience: Patience;
  askerOf(ctx: ServerContext): Asker;
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
  const question = await questionFor(parts, { asker, offer, abilities, outcome, asked, call, ctx });
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
