import { readForm } from "../google/form.ts";
import { escapeHtml, isForeign, page } from "../google/page.ts";
import { deliver, deliveryOf, isHookAddress, messageOf, statusOf, subscribe } from "./deliver.ts";
import { findPhone, type Phone, phones, verifyToken } from "./phones.ts";
import { keepMessage, messagesWith, readHook } from "./talk.ts";

/** Answers at /phone: what the invented people see on their telephones, where they answer, and where the webhook is entered. */
export async function answerPhone(request: Request, now: Date, folder: string): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (request.method === "GET") return show(folder, pathname);
  if (request.method !== "POST" || isForeign(request))
    return show(folder, pathname, "This form was sent from another site.");
  const form = await readForm(request);
  if (form.has("webhook")) {
    const address = form.get("webhook") ?? "";
    if (!isHookAddress(address)) return show(folder, pathname, "The address must be https, or http on this computer.");
    return show(folder, pathname, await subscribe(folder, address, form.get("verify_token") ?? ""));
  }
  const phone = findPhone(form.get("person") ?? "");
  const text = (form.get("text") ?? "").trim();
  if (!phone?.hasWhatsapp || text === "" || text.length > 4_096)
    return show(folder, pathname, "Choose a person and say something.");
  await answer(folder, phone, text, now);
  return show(folder, pathname);
}

/** A person writes: whoever writes has read what was there before. */
async function answer(folder: string, phone: Phone, text: string, now: Date): Promise<void> {
  const at = now.toISOString();
  const seen = messagesWith(folder, phone.waId)
    .filter(({ direction }) => direction === "out")
    .slice(-20);
  const said = keepMessage(folder, { waId: phone.waId, direction: "in", text, at });
  if (seen.length > 0) {
    await deliver(folder, deliveryOf(phone, { statuses: seen.map((each) => statusOf(each, "read", at)) }));
  }
  await deliver(folder, deliveryOf(phone, { messages: [messageOf(said)] }));
}

function show(folder: string, action: string, problem?: string): Response {
  const hook = readHook(folder);
  const body = `
${problem === undefined ? "" : `<p role="alert">${escapeHtml(problem)}</p>`}
<section>
<h2>Webhook</h2>
<p>${hook ? `Messages go to <code>${escapeHtml(hook.url)}</code>${hook.lastDelivery ? `; it ${escapeHtml(hook.lastDelivery)} last` : ""}.` : "Nobody is told of messages yet."}</p>
<form method="post" action="${escapeHtml(action)}">
<label>Address <input name="webhook" size="40" value="${escapeHtml(hook?.url ?? "http://127.0.0.1:3001/webhooks/whatsapp")}"></label>
<label>Verify token <input name="verify_token" size="40" value="${escapeHtml(verifyToken)}"></label>
<button>Verify and save</button>
</form>
</section>
${phones.map((phone) => conversation(folder, action, phone)).join("\n")}`;
  return page("Telephones", body, problem === undefined ? 200 : 400, "WhatsApp");
}

function conversation(folder: string, action: string, phone: Phone): string {
  const lines = messagesWith(folder, phone.waId).map(
    ({ direction, text }) => `<p>${direction === "in" ? escapeHtml(phone.name) : "mcqueen"}: ${escapeHtml(text)}</p>`,
  );
  if (!phone.hasWhatsapp)
    return `<section><h2>${escapeHtml(phone.name)}, +${phone.waId}</h2><p>Has no WhatsApp.</p></section>`;
  return `<section>
<h2>${escapeHtml(phone.name)}, +${phone.waId}</h2>
${lines.join("\n")}
<form method="post" action="${escapeHtml(action)}">
<input type="hidden" name="person" value="${phone.waId}">
<label>${escapeHtml(phone.name)} says <input name="text" size="40"></label>
<button>Send</button>
</form>
</section>`;
}
