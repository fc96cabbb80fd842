import { isRecord } from "../../core/parameters.ts";
import { randomText } from "../../core/secret.ts";
import { deliver, deliveryOf, statusOf } from "./deliver.ts";
import { findPhone, type Phone, templates } from "./phones.ts";
import { keepMessage, messagesWith, type Said } from "./talk.ts";

const windowMs = 24 * 60 * 60 * 1000;

/** Meta's form of a refusal. */
export const refuse = (status: number, code: number, message: string, details?: string, subcode?: number): Response =>
  Response.json(
    {
      error: {
        message: `(#${code}) ${message}`,
        type: "OAuthException",
        code,
        ...(details === undefined ? {} : { error_data: { messaging_product: "whatsapp", details } }),
        ...(subcode === undefined ? {} : { error_subcode: subcode }),
        fbtrace_id: `A${randomText(16, "base64url")}`,
      },
    },
    { status },
  );

const unexpected = (where: string, names: string[]): Response =>
  refuse(400, 100, "Invalid parameter", `Unexpected key "${names[0]}" on param "${where}".`);

/** Answers POST /<version>/<number>/messages. Whether a message may arrive is found out later, and told by webhook. */
export async function answerSend(body: unknown, now: Date, folder: string): Promise<Response> {
  if (!isRecord(body)) return refuse(400, 100, "Invalid parameter", "The body is no JSON object.");
  const { messaging_product: product, recipient_type: recipient, to, type = "text", text, template, ...others } = body;
  if (Object.keys(others).length > 0) return unexpected("messages", Object.keys(others));
  if (product !== "whatsapp") return refuse(400, 100, "The parameter messaging_product is required.");
  if (recipient !== undefined && recipient !== "individual")
    return refuse(400, 100, "Invalid parameter", "recipient_type");
  if (typeof to !== "string" || !/^\+?\d{5,20}$/.test(to)) return refuse(400, 100, "The parameter to is required.");
  const content = type === "text" ? textOf(text) : type === "template" ? templateOf(template) : undefined;
  if (content === undefined)
    return refuse(400, 100, "Invalid parameter", `Param type must be one of {TEXT, TEMPLATE}, got "${type}".`);
  if (content instanceof Response) return content;
  const phone = findPhone(to);
  if (!phone) {
    return refuse(
      400,
      131030,
      "Recipient phone number not in allowed list",
      "Recipient phone number not in allowed list: Add recipient phone number to recipient list and try again.",
      2655007,
    );
  }
  const said = keepMessage(folder, { waId: phone.waId, direction: "out", text: content, at: now.toISOString() });
  await tellFate(folder, phone, said, type === "template", now);
  return Response.json({
    messaging_product: "whatsapp",
    contacts: [{ input: to, wa_id: phone.waId }],
    messages: [{ id: said.id, ...(type === "template" ? { message_status: "accepted" } : {}) }],
  });
}

async function tellFate(folder: string, phone: Phone, said: Said, isTemplate: boolean, now: Date): Promise<void> {
  const tell = (status: string, error?: Record<string, unknown>) =>
    deliver(folder, deliveryOf(phone, { statuses: [statusOf(said, status, said.at, error)] }));
  if (!phone.hasWhatsapp) return tell("failed", failed(131026, "Message undeliverable", "Message Undeliverable."));
  const last = messagesWith(folder, phone.waId).findLast(({ direction }) => direction === "in");
  if (!isTemplate && (!last || now.getTime() - Date.parse(last.at) >= windowMs)) {
    const details =
      "Message failed to send because more than 24 hours have passed since the customer last replied to this number.";
    return tell("failed", failed(131047, "Re-engagement message", details));
  }
  await tell("sent");
  await tell("delivered");
}

const failed = (code: number, title: string, details: string): Record<string, unknown> => ({
  code,
  title,
  message: title,
  error_data: { details },
  href: "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/",
});

function textOf(text: unknown): string | Response {
  if (!isRecord(text) || typeof text.body !== "string" || text.body === "") {
    return refuse(400, 100, "Invalid parameter", "The parameter text['body'] is required.");
  }
  const { body, preview_url: _preview, ...others } = text;
  if (Object.keys(others).length > 0) return unexpected("text", Object.keys(others));
  return body.length > 4_096
    ? refuse(400, 100, "Invalid parameter", "text['body'] must be at most 4096 characters.")
    : body;
}

function templateOf(template: unknown): string | Response {
  const { name, language, components = [], ...others } = isRecord(template) ? template : {};
  if (Object.keys(others).length > 0) return unexpected("template", Object.keys(others));
  const code = isRecord(language) ? language.code : undefined;
  const known = typeof name === "string" && Object.hasOwn(templates, name) ? templates[name] : undefined;
  if (!known || typeof code !== "string" || !known.languages.includes(code)) {
    const details = `template name (${String(name)}) does not exist in ${String(code)}`;
    return refuse(404, 132001, "Template name does not exist in the translation", details);
  }
  const values = variablesOf(components);
  if (values instanceof Response) return values;
  if (values.length !== known.variables) {
    const details = `body: number of localizable_params (${values.length}) does not match the expected number of params (${known.variables})`;
    return refuse(400, 132000, "Number of parameters does not match the expected number of params", details);
  }
  return [`[${String(name)}]`, ...values].join(" ");
}

function variablesOf(components: unknown): string[] | Response {
  const wrong = refuse(400, 100, "Invalid parameter", "template['components'] is malformed.");
  if (!Array.isArray(components) || components.length > 1) return wrong;
  const [body] = components as unknown[];
  if (body === undefined) return [];
  const { type, parameters, ...others } = isRecord(body) ? body : {};
  if (type !== "body" || !Array.isArray(parameters) || Object.keys(others).length > 0) return wrong;
  const values = parameters.map((each: unknown) => (isRecord(each) && each.type === "text" ? each.text : undefined));
  return values.every((value): value is string => typeof value === "string" && value !== "") ? values : wrong;
}
