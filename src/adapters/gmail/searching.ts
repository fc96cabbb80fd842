import { AppError } from "../../core/errors.ts";
import { isRecord, printable } from "../../core/parameters.ts";
import type { ToolContext, ToolResult } from "../../core/tool.ts";
import { readLabels } from "./labels.ts";
import { headersOf, type Message, parseMessage } from "./message.ts";
import { hasAttachments } from "./parts.ts";
import type { FoundMessage } from "./search.ts";
import { type Mailbox, notUnderstood, openMailbox, provider } from "./service.ts";

interface Wanted {
  query?: string;
  label?: string;
  max_results?: number;
  page_token?: string;
}

const atOnce = 5;

/** A list of parts inside parts is told level by level; deeper attachments than these are rare. */
const partFields = "partId,mimeType,filename,headers,body(size,attachmentId)";
const nested = (levels: number): string =>
  levels === 0 ? `parts(${partFields})` : `parts(${partFields},${nested(levels - 1)})`;
/** Gmail's short form (format=metadata) does not say whether there are attachments, so the long one is asked for in parts. */
const fields = `id,threadId,labelIds,snippet,internalDate,payload(${partFields},${nested(3)})`;

/** @throws AppError not_found for a label that is not there, and what Gmail refuses */
export async function searchMail(wanted: Wanted, context: ToolContext): Promise<ToolResult> {
  const mailbox = await openMailbox(context);
  const { users, call } = mailbox;
  const { query: q, label, max_results: maxResults = 20, page_token: pageToken } = wanted;
  const labelIds = label === undefined ? undefined : [await labelId(mailbox, label)];
  const page = parsePage(
    await call(() =>
      users.messages.list({
        userId: "me",
        maxResults,
        ...(q ? { q } : {}),
        ...(labelIds ? { labelIds } : {}),
        ...(pageToken ? { pageToken } : {}),
      }),
    ),
  );
  const found = await inTurns(page.ids, atOnce, (id) => readOne(mailbox, id));
  const zone = context.profile.zone === undefined ? {} : { time_zone: context.profile.zone };
  return {
    data: {
      messages: found.filter((message) => message !== undefined).map(listed),
      ...(page.next === undefined ? {} : { next_page: page.next }),
    },
    metadata: { provider, untrusted: ["from", "to", "subject", "snippet"], ...zone },
  };
}

/** @throws AppError upstream_rejected for any other form */
export function parsePage(json: unknown): { ids: string[]; next?: string } {
  const list = isRecord(json) ? (json.messages ?? []) : undefined;
  if (!isRecord(json) || !Array.isArray(list)) throw notUnderstood();
  const ids = list.map((message: unknown) => {
    if (isRecord(message) && typeof message.id === "string") return message.id;
    throw notUnderstood();
  });
  return { ids, ...(typeof json.nextPageToken === "string" ? { next: json.nextPageToken } : {}) };
}

async function readOne({ users, call }: Mailbox, id: string): Promise<Message | undefined> {
  try {
    return parseMessage(await call(() => users.messages.get({ userId: "me", id, format: "full", fields })));
  } catch (error) {
    // It was deleted since the list was made.
    if (error instanceof AppError && error.code === "not_found") return undefined;
    throw error;
  }
}

export function listed(message: Message): FoundMessage {
  const { from, to, subject } = headersOf(message);
  return {
    id: message.id,
    thread_id: message.threadId,
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(subject === undefined ? {} : { subject }),
    ...(message.date === undefined ? {} : { date: message.date }),
    snippet: message.snippet,
    labels: message.labels,
    unread: message.labels.includes("UNREAD"),
    has_attachments: hasAttachments(message.root),
  };
}

async function labelId(mailbox: Mailbox, given: string): Promise<string> {
  const labels = await readLabels(mailbox);
  const wanted = given.toLowerCase();
  const label = labels.find(({ id }) => id === given) ?? labels.find(({ name }) => name.toLowerCase() === wanted);
  if (label) return label.id;
  throw new AppError("not_found", `There is no label ${printable(given)}`, {
    hint: "Run: mcqueen run email_personal list_labels",
    metadata: { provider },
  });
}

/** Works on all, so many at a time, and keeps their order. After the first failure nothing more is begun. */
async function inTurns<Item, Result>(
  items: readonly Item[],
  most: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = [...items.entries()];
  const worker = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) results[next[0]] = await work(next[1]);
  };
  try {
    await Promise.all(Array.from({ length: Math.min(most, items.length) }, worker));
    return results;
  } finally {
    waiting.length = 0;
  }
}
