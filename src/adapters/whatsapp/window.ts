import { AppError } from "../../core/errors.ts";
import { templateWay } from "./refusal-codes.ts";

/**
 * What a person sends, which opens the time for free text. A notice of WhatsApp's own, such as a changed number, does not,
 * nor does what comes as an error.
 */
export const writtenKinds: readonly string[] = [
  "text",
  "image",
  "video",
  "audio",
  "voice",
  "document",
  "sticker",
  "location",
  "contacts",
  "button",
  "interactive",
  "order",
  "reaction",
];

const windowMs = 24 * 60 * 60 * 1000;

/** When the time for free text ends; undefined when it has ended, or never began. */
export function openUntil(lastReceived: Date | undefined, now: Date): Date | undefined {
  const end = lastReceived && new Date(lastReceived.getTime() + windowMs);
  return end && end > now ? end : undefined;
}

/**
 * Meta takes free text at any time and drops it later, so what is too late is refused here.
 * @throws AppError conflict
 */
export function requireOpen(lastReceived: Date | undefined, now: Date): Date {
  const end = openUntil(lastReceived, now);
  if (end) return end;
  const message = lastReceived
    ? `More than 24 hours have passed since this person wrote last (${lastReceived.toISOString().slice(0, 16)}Z)`
    : "This person has not written yet, as far as mcqueen has been told";
  throw new AppError("conflict", message, {
    hint: `Free text may be sent within 24 hours of the person's last message.\n${templateWay}${
      lastReceived ? "" : "\nWhether incoming messages reach mcqueen: mcqueen doctor"
    }`,
    metadata: { provider: "WhatsApp", window_open_until: null },
  });
}
