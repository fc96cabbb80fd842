import { listIn, notUnderstood, present, textIn } from "../../core/answer.ts";
import { AppError, invalidParameters } from "../../core/errors.ts";
import type { Message } from "../../core/message.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { type Line, lineOf, postMessage, provider } from "./api.ts";
import { openUntil, requireOpen, writtenKinds } from "./window.ts";

interface Sending {
  to: string;
  text?: string;
  template?: string;
  language?: string;
  variables?: readonly string[];
}

/** @throws AppError invalid_parameters unless it is either text or a template; conflict for text that comes too late */
export async function sendMessage(given: Sending, context: ToolContext): Promise<ToolResult> {
  const { to } = given;
  checkForm(given);
  const line = lineOf(context);
  const contact = to.slice(1);
  const lastReceived = await line.messages.lastReceived(line.phoneNumberId, contact, writtenKinds);
  const until =
    given.template === undefined ? requireOpen(lastReceived, context.now()) : openUntil(lastReceived, context.now());
  const body = { messaging_product: "whatsapp", recipient_type: "individual", to, ...contentOf(given) };
  const written = [...(given.text === undefined ? [] : [given.text]), ...(given.variables ?? [])];
  const json = await postMessage(context, line, body, written);
  const id = textIn(listIn(json, "messages")?.[0], "id");
  if (id === undefined) throw notUnderstood(provider);
  const notKept = await keep(line, {
    id,
    account: line.phoneNumberId,
    contact: textIn(listIn(json, "contacts")?.[0], "wa_id") ?? contact,
    direction: "out",
    kind: given.template === undefined ? "text" : "template",
    text: given.text ?? [given.template, ...(given.variables ?? [])].join(" · "),
    at: context.now(),
  });
  return {
    data: present({
      message_id: id,
      to,
      status: "accepted",
      window_open_until: until?.toISOString(),
    }),
    metadata: present({ provider, not_kept: notKept }),
  };
}

function checkForm({ text, template, language, variables }: Sending): void {
  const problems = [
    ...(text === undefined && template === undefined ? ["Missing required parameter: text or template"] : []),
    ...(text !== undefined && template !== undefined ? ["Parameters text and template exclude each other"] : []),
    ...(text !== undefined && text.trim() === "" ? ["Parameter text must not be empty"] : []),
    ...(template === undefined && variables !== undefined ? ["Parameter variables belongs to a template"] : []),
    ...(template === undefined && language !== undefined ? ["Parameter language belongs to a template"] : []),
  ];
  if (problems.length > 0) throw invalidParameters(problems);
}

const contentOf = ({ text, template, language = "en_US", variables = [] }: Sending): Record<string, unknown> =>
  template === undefined
    ? { type: "text", text: { preview_url: false, body: (text ?? "").toWellFormed() } }
    : {
        type: "template",
        template: {
          name: template,
          language: { code: language },
          ...(variables.length === 0
            ? {}
            : {
                components: [{ type: "body", parameters: variables.map((value) => ({ type: "text", text: value })) }],
              }),
        },
      };

/** The message is out. That it could not be kept is told, and must not look as if it had not been sent. */
async function keep({ messages }: Line, message: Message): Promise<string | undefined> {
  try {
    await messages.add([message]);
    return undefined;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return error.message;
  }
}
