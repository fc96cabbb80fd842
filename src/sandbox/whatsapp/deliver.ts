import { randomText } from "../../core/secret.ts";
import { appSecret, businessId, displayNumber, type Phone, phoneNumberId } from "./phones.ts";
import { readHook, type Said, writeHook } from "./talk.ts";

const withinMs = 3_000;

/** Only an address on https or on this computer: the stand-in calls nobody else by http. */
export const isHookAddress = (text: string): boolean => {
  const url = URL.parse(text);
  return (
    url?.protocol === "https:" ||
    (url?.protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname))
  );
};

/** Asks an address whether it is meant, as Meta does before it believes one. @returns what is wrong, or undefined */
export async function subscribe(folder: string, address: string, verifyToken: string): Promise<string | undefined> {
  const challenge = String(parseInt(randomText(4, "hex"), 16));
  const url = new URL(address);
  for (const [name, value] of [
    ["mode", "subscribe"],
    ["challenge", challenge],
    ["verify_token", verifyToken],
  ] as const) {
    url.searchParams.set(`hub.${name}`, value);
  }
  const answer = await call(url, { method: "GET" });
  if (typeof answer === "string") return answer;
  if (answer.status !== 200 || (await answer.text()) !== challenge) {
    return `The address answered ${answer.status}, and not with the challenge.`;
  }
  writeHook(folder, { url: address });
  return undefined;
}

/** The frame of every delivery. */
export const deliveryOf = (phone: Phone, part: Record<string, unknown>): Record<string, unknown> => ({
  object: "whatsapp_business_account",
  entry: [
    {
      id: businessId,
      changes: [
        {
          value: {
            messaging_product: "whatsapp",
            metadata: { display_phone_number: displayNumber.replace(/\D/g, ""), phone_number_id: phoneNumberId },
            contacts: [{ profile: { name: phone.name }, wa_id: phone.waId }],
            ...part,
          },
          field: "messages",
        },
      ],
    },
  ],
});

const secondsOf = (iso: string): string => String(Math.floor(Date.parse(iso) / 1000));

export const messageOf = ({ id, waId, text, at }: Said): Record<string, unknown> => ({
  from: waId,
  id,
  timestamp: secondsOf(at),
  text: { body: text },
  type: "text",
});

export const statusOf = ({ id, waId }: Said, status: string, at: string, error?: Record<string, unknown>) => ({
  id,
  status,
  timestamp: secondsOf(at),
  recipient_id: waId,
  ...(error ? { errors: [error] } : {}),
});

/** Signs and sends a delivery to the address that is registered, if one is. */
export async function deliver(folder: string, delivery: Record<string, unknown>): Promise<void> {
  const hook = readHook(folder);
  if (!hook) return;
  const body = JSON.stringify(delivery);
  const signature = new Bun.CryptoHasher("sha256", appSecret).update(body).digest("hex");
  const headers = { "content-type": "application/json", "x-hub-signature-256": `sha256=${signature}` };
  const answer = await call(new URL(hook.url), { method: "POST", headers, body });
  writeHook(folder, { url: hook.url, lastDelivery: typeof answer === "string" ? answer : `answered ${answer.status}` });
}

async function call(url: URL, request: RequestInit): Promise<Response | string> {
  try {
    return await fetch(url, { ...request, redirect: "manual", signal: AbortSignal.timeout(withinMs) });
  } catch (error) {
    return `The address cannot be reached: ${error instanceof Error ? error.message : String(error)}`;
  }
}
