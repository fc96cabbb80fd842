import { authorize } from "../google/bearer.ts";
import { findPerson, type Person } from "../google/people.ts";
import type { Upstream } from "../upstream.ts";
import { badRequest, failureBody, noSuchPage, notFound, unknownName } from "./answers.ts";
import { send } from "./deliver.ts";
import { walk } from "./entity.ts";
import { applyMask, parseMask } from "./field-mask.ts";
import { labelIds, labels } from "./labels.ts";
import { findMail, type Mail, openMailbox } from "./mailbox.ts";
import { isThrownAway, readQuery } from "./query.ts";
import { formats, partOf, show } from "./show.ts";

const base = "https://www.googleapis.com/auth/";
const reading = [[`${base}gmail.readonly`], [`${base}gmail.modify`]];
const sending = [[`${base}gmail.send`], [`${base}gmail.compose`], [`${base}gmail.modify`]];

/** What a method is asked with. */
interface Asked {
  /** What stands in the places of the path. */
  ids: string[];
  query: URLSearchParams;
  body: unknown;
  owner: Person;
  folder: string;
  now: Date;
}

interface Method {
  /** As Google names it in a refusal. */
  name: string;
  verb: "GET" | "POST";
  path: RegExp;
  scopes: readonly (readonly string[])[];
  parameters: readonly string[];
  answer(asked: Asked): Response | object;
}

const common = ["alt", "fields", "prettyPrint", "quotaUser", "key"];
const showing = ["format", "metadataHeaders"];

const methods: readonly Method[] = [
  {
    name: "GetProfile",
    verb: "GET",
    path: /^\/profile$/,
    scopes: [...reading, ...sending],
    parameters: [],
    answer({ owner, folder, now }) {
      const mails = openMailbox(folder, owner.email, now);
      const threads = new Set(mails.map(({ threadId }) => threadId));
      const historyId = String(Math.floor((mails[0]?.internalDate ?? 0) / 1000) % 100_000_000);
      return { emailAddress: owner.email, messagesTotal: mails.length, threadsTotal: threads.size, historyId };
    },
  },
  { name: "ListLabels", verb: "GET", path: /^\/labels$/, scopes: reading, parameters: [], answer: () => ({ labels }) },
  {
    name: "ListMessages",
    verb: "GET",
    path: /^\/messages$/,
    scopes: reading,
    parameters: ["q", "maxResults", "pageToken", "labelIds", "includeSpamTrash"],
    answer: listMessages,
  },
  {
    name: "SendMessage",
    verb: "POST",
    path: /^\/messages\/send$/,
    scopes: sending,
    parameters: [],
    answer: ({ body, owner, folder, now }) => send(body, owner, folder, now),
  },
  {
    name: "GetMessage",
    verb: "GET",
    path: /^\/messages\/([^/]+)$/,
    scopes: reading,
    parameters: showing,
    answer({ ids: [id = ""], query, owner, folder, now }) {
      const format = formatOf(query);
      if (format instanceof Response) return format;
      const mail = findMail(folder, owner.email, id, now);
      return mail ? show(mail, format, query.getAll("metadataHeaders")) : missing(id);
    },
  },
  {
    name: "GetAttachment",
    verb: "GET",
    path: /^\/messages\/([^/]+)\/attachments\/([^/]+)$/,
    scopes: reading,
    parameters: [],
    answer({ ids: [id = "", attachment = ""], owner, folder, now }) {
      const mail = findMail(folder, owner.email, id, now);
      if (!mail) return missing(id);
      const part = walk(mail.entity).find(({ partId, parts }) => parts.length === 0 && partId === partOf(attachment));
      if (!part) return badRequest("Invalid attachment token");
      return { size: part.bytes.length, data: Buffer.from(part.bytes).toString("base64url") };
    },
  },
  {
    name: "GetThread",
    verb: "GET",
    path: /^\/threads\/([^/]+)$/,
    scopes: reading,
    parameters: showing,
    answer({ ids: [id = ""], query, owner, folder, now }) {
      const format = formatOf(query);
      if (format instanceof Response) return format;
      const mails = openMailbox(folder, owner.email, now)
        .filter(({ threadId }) => threadId === id)
        .reverse();
      const messages = mails.map((mail) => show(mail, format, query.getAll("metadataHeaders")));
      return messages.length > 0 ? { id, historyId: messages.at(-1)?.historyId, messages } : missing(id);
    },
  },
];

const missing = (id: string): Response => (/^[0-9a-f]{1,16}$/.test(id) ? notFound() : badRequest("Invalid id value"));

function formatOf(query: URLSearchParams): string | Response {
  const format = (query.get("format") ?? "full").toLowerCase();
  return formats.includes(format) ? format : badRequest(`Invalid value at 'format': ${JSON.stringify(format)}`);
}

function listMessages({ query, owner, folder, now }: Asked): Response | object {
  const most = Number(query.get("maxResults") ?? 100);
  if (!Number.isInteger(most) || most < 0) return badRequest("Invalid value at 'max_results'");
  const token = query.get("pageToken");
  const offset = token === null ? 0 : offsetOf(token);
  if (offset === undefined) return badRequest("Invalid pageToken");
  const wanted = query.getAll("labelIds");
  const unknown = wanted.find((id) => !labels.some((label) => label.id === id));
  if (unknown !== undefined) return badRequest(`Invalid label: ${unknown}`);
  const q = query.get("q") ?? "";
  const sees = query.get("includeSpamTrash") === "true" || wanted.some((id) => id === "TRASH" || id === "SPAM");
  const matches = q === "" ? (mail: Mail) => sees || !isThrownAway(mail) : readQuery(q, labelIds, now);
  const found = openMailbox(folder, owner.email, now).filter(
    (mail) => matches(mail) && wanted.every((id) => mail.labelIds.includes(id)),
  );
  const end = offset + Math.min(most, 500);
  const messages = found.slice(offset, end).map(({ id, threadId }) => ({ id, threadId }));
  return {
    ...(messages.length > 0 ? { messages } : {}),
    ...(found.length > end ? { nextPageToken: tokenOf(end) } : {}),
    resultSizeEstimate: found.length,
  };
}

/** Long numbers without meaning, as Gmail's are. */
const tokenOf = (offset: number): string => String(10_000_000_019n * BigInt(offset) + 1_000_000_007n);
function offsetOf(token: string): number | undefined {
  if (!/^\d{10,20}$/.test(token)) return undefined;
  const offset = (BigInt(token) - 1_000_000_007n) / 10_000_000_019n;
  return tokenOf(Number(offset)) === token ? Number(offset) : undefined;
}

/** Gmail, as its reference describes it. https://developers.google.com/workspace/gmail/api/reference/rest */
export const gmail: Upstream = {
  id: "gmail",
  setting: "GMAIL_BASE_URL",
  async answer(request, path, query, now, folder) {
    const [, user = "", rest = ""] = /^\/gmail\/v1\/users\/([^/]+)(\/.*)$/.exec(path) ?? [];
    const method = methods.find(({ verb, path: pattern }) => verb === request.method && pattern.test(rest));
    if (!method) return noSuchPage(path);
    const called = { service: "gmail.googleapis.com", method: `caribou.api.proto.MailboxService.${method.name}` };
    const caller = authorize(folder, request, now, method.scopes, called);
    if (caller instanceof Response) return caller;
    const stranger = [...query.keys()].find((name) => ![...common, ...method.parameters].includes(name));
    if (stranger !== undefined) return unknownName(stranger, false);
    const owner = findPerson(caller.email);
    if (!owner || (user !== "me" && decodeURIComponent(user) !== owner.email))
      return Response.json(failureBody(403), { status: 403 });
    const mask = query.has("fields") ? parseMask(query.get("fields") ?? "") : true;
    if (mask === undefined) return badRequest("Invalid field selection");
    const body = request.method === "POST" ? await readJson(request) : undefined;
    if (body instanceof Response) return body;
    const ids = (method.path.exec(rest) ?? []).slice(1).map(decodeURIComponent);
    const answer = method.answer({ ids, query, body, owner, folder, now });
    return answer instanceof Response ? answer : Response.json(applyMask(answer, mask));
  },
  failure: failureBody,
};

async function readJson(request: Request): Promise<unknown> {
  if (!request.headers.get("content-type")?.startsWith("application/json"))
    return badRequest("Request payload is not JSON", "badRequest");
  try {
    return await request.json();
  } catch (error) {
    if (error instanceof SyntaxError) return badRequest("Invalid JSON payload received.", "parseError");
    throw error;
  }
}
