import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomText } from "../../core/secret.ts";
import { attachmentsOf, type Entity, headerIn, parseEntity, wordsOf } from "./entity.ts";
import { seedsOf } from "./seeds/all.ts";

/** A mail as it is kept: one file each, so that several processes never write the same one. */
export interface Kept {
  id: string;
  threadId: string;
  labelIds: string[];
  /** Milliseconds. */
  internalDate: number;
  /** The whole mail, in base64. */
  raw: string;
}

/** A mail, taken apart. */
export interface Mail extends Kept {
  entity: Entity;
  subject: string;
  words: string;
  hasAttachment: boolean;
  size: number;
}

/** All mails of a person, newest first. The first look fills the mailbox. */
export function openMailbox(folder: string, email: string, now: Date): Mail[] {
  const path = pathOf(folder, email);
  if (!existsSync(path)) seed(path, email, now);
  return readdirSync(path)
    .filter((name) => name.endsWith(".json"))
    .map((name) => takeApart(JSON.parse(readFileSync(join(path, name), "utf8")) as Kept))
    .sort((a, b) => b.internalDate - a.internalDate || b.id.localeCompare(a.id));
}

/** One mail of a person. */
export function findMail(folder: string, email: string, id: string, now: Date): Mail | undefined {
  const path = pathOf(folder, email);
  if (!existsSync(path)) seed(path, email, now);
  const file = join(path, `${id}.json`);
  if (!/^[0-9a-f]{1,16}$/.test(id) || !existsSync(file)) return undefined;
  return takeApart(JSON.parse(readFileSync(file, "utf8")) as Kept);
}

const pathOf = (folder: string, email: string): string => join(folder, "gmail", encodeURIComponent(email));

function takeApart(kept: Kept): Mail {
  const raw = Buffer.from(kept.raw, "base64");
  const entity = parseEntity(raw.toString("latin1"));
  return {
    ...kept,
    entity,
    subject: headerIn(entity, "subject"),
    words: wordsOf(entity),
    hasAttachment: attachmentsOf(entity).length > 0,
    size: raw.length,
  };
}

/** Written aside and moved as a whole: of several processes one wins, and nobody sees half a mailbox. */
function seed(path: string, email: string, now: Date): void {
  const aside = `${path}.${randomText(6, "hex")}.new`;
  mkdirSync(aside, { recursive: true, mode: 0o700 });
  for (const kept of seedsOf(email, now)) write(aside, kept);
  try {
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { recursive: true });
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code !== "ENOTEMPTY" && code !== "EEXIST") throw error;
  }
}

export function keep(folder: string, email: string, mail: Kept, now: Date): void {
  const path = pathOf(folder, email);
  if (!existsSync(path)) seed(path, email, now);
  write(path, mail);
}

function write(path: string, mail: Kept): void {
  const aside = join(path, `${mail.id}.${randomText(6, "hex")}.new`);
  writeFileSync(aside, JSON.stringify(mail), { mode: 0o600 });
  renameSync(aside, join(path, `${mail.id}.json`));
}

/** Gmail's ids begin with the time, so newer ones are greater. */
export const newId = (at: Date): string =>
  ((BigInt(at.getTime()) << 20n) | (BigInt(`0x${randomText(3, "hex")}`) >> 4n)).toString(16);
