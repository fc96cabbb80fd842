import { readFileSync, statSync } from "node:fs";
import { basename } from "node:path";
import { AppError } from "../../src/core/errors.ts";
import { isRecord } from "../../src/core/parameters.ts";
import { errorOf } from "../remote.ts";
import { saveNew } from "../save-file.ts";
import { sizeText } from "../size.ts";
import type { TerminalFlag } from "./terminal-flag.ts";

const mostBytes = 25 * 1024 * 1024;

/** `--attach letter.pdf` sends a file along. */
export const attach: TerminalFlag = {
  flag: "--attach <file>",
  about: "attach this file",
  repeats: true,
  actions: ["send"],
  check(value) {
    if (value === "") throw new AppError("usage", "--attach needs the name of a file");
  },
  prepare(paths, { attachments = [] }) {
    const sizes = paths.map(sizeOf);
    const all = sizes.reduce((sum, size) => sum + size, 0);
    if (all > mostBytes)
      throw new AppError("payload_too_large", `The files have ${sizeText(all)}, and a mail takes at most 25 MB`);
    const read = paths.map((path) => ({ name: basename(path), content: readFileSync(path).toString("base64") }));
    return { attachments: [...(Array.isArray(attachments) ? attachments : []), ...read] };
  },
};

function sizeOf(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found?.isFile()) return found.size;
  throw new AppError("usage", found ? `${path} is no file that can be attached` : `There is no file ${path}`);
}

interface Listed {
  id: string;
  name: string;
}

/** `--save-attachments folder` writes what came with the mail into files. */
export const saveAttachments: TerminalFlag = {
  flag: "--save-attachments <folder>",
  about: "save the attachments into this folder",
  actions: ["read"],
  check(value) {
    if (value === "") throw new AppError("usage", "--save-attachments needs the name of a folder");
  },
  async act(folder, data, out, again) {
    const save = ({ name, content }: { name: string; content: string }): void => {
      const bytes = Buffer.from(content, "base64");
      out.note(`Saved ${saveNew(folder, name, bytes)} (${sizeText(bytes.length)})`);
    };
    if (isRecord(data.attachment)) return save(data.attachment as unknown as { name: string; content: string });
    const messages = Array.isArray(data.messages) ? data.messages.filter(isRecord) : [data];
    let saved = 0;
    for (const message of messages) {
      for (const { id } of (message.attachments ?? []) as Listed[]) {
        const envelope = await again({ action: "read", message_id: message.id, attachment_id: id });
        if (!envelope.success) throw errorOf(envelope);
        const { attachment } = envelope.data as { attachment: { name: string; content: string } };
        save(attachment);
        saved += 1;
      }
    }
    if (saved === 0) out.note("There are no attachments to save.");
  },
};
