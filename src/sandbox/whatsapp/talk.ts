import { join } from "node:path";
import { randomText } from "../../core/secret.ts";
import { list, makeFolder, read, write } from "../google/state.ts";

/** A message between the business number and somebody. */
export interface Said {
  id: string;
  waId: string;
  /** "in" as the business sees it. */
  direction: "in" | "out";
  text: string;
  at: string;
}

export interface Hook {
  url: string;
  /** What came of the last delivery, for the page. */
  lastDelivery?: string;
}

const folderOf = (folder: string): string => join(folder, "whatsapp", "messages");
const hookFile = (folder: string): string => join(folder, "whatsapp", "webhook.json");

export function messagesWith(folder: string, waId: string): Said[] {
  return list(folderOf(folder))
    .flatMap((name) => read<Said>(join(folderOf(folder), name)) ?? [])
    .filter((said) => said.waId === waId)
    .sort((a, b) => a.at.localeCompare(b.at) || a.id.localeCompare(b.id));
}

/** Keeps a message under an id in WhatsApp's form. */
export function keepMessage(folder: string, said: Omit<Said, "id">): Said {
  const id = `wamid.HBgM${Buffer.from(`${said.waId}${randomText(9, "hex")}`).toString("base64")}`;
  makeFolder(folderOf(folder));
  const kept = { ...said, id };
  write(join(folderOf(folder), `${randomText(12, "hex")}.json`), kept);
  return kept;
}

export const readHook = (folder: string): Hook | undefined => read<Hook>(hookFile(folder));

export function writeHook(folder: string, hook: Hook): void {
  makeFolder(join(folder, "whatsapp"));
  write(hookFile(folder), hook);
}
