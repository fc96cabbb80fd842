import { decodeText } from "../../src/adapters/gmail/charset.ts";
import { headersOf, parseMessage } from "../../src/adapters/gmail/message.ts";
import { bodyParts, htmlParts, listAttachments } from "../../src/adapters/gmail/parts.ts";
import { listed, parsePage } from "../../src/adapters/gmail/searching.ts";
import type { ErrorCode } from "../../src/core/errors.ts";
import { refusedByGoogle } from "../../src/google/errors.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";
import { logIn, gmail as scope } from "../support/google.ts";
import { must, type RecordedAdapter } from "./adapter.ts";

const refusal =
  (status: number, code: ErrorCode, hint: RegExp) =>
  (json: unknown): string => {
    const error = refusedByGoogle({ name: "Gmail", service: "gmail" }, status, json);
    must(error.code === code && hint.test(error.hint ?? ""), `${error.code}: ${error.message} ${error.hint}`);
    return `${error.code}: ${error.message}`;
  };

interface Expected {
  subject: string;
  date: string;
  body: string[];
  html: number;
  attachments: string[];
  text: RegExp;
  headers?: Record<string, string>;
}

const message =
  (expected: Expected) =>
  (json: unknown): string => {
    const read = parseMessage(json);
    const headers = headersOf(read);
    const parts = bodyParts(read.root);
    const understood = {
      subject: headers.subject ?? "",
      date: read.date ?? "",
      body: parts.map(({ type }) => type),
      html: htmlParts(read.root).length,
      attachments: listAttachments(read).map(({ id, name, type, size }) => `${id} ${name} ${type} ${size}`),
    };
    const { text: pattern, headers: more = {}, ...others } = expected;
    must(Bun.deepEquals(understood, others), `understood ${JSON.stringify(understood)}`);
    must(Bun.deepMatch(more, headers), `understood ${JSON.stringify(headers)}`);
    const [part] = parts;
    const type = part?.headers.find(({ name }) => name.toLowerCase() === "content-type")?.value;
    const text = decodeText(Buffer.from(part?.data ?? "", "base64url"), type);
    must(pattern.test(text) && !text.includes("\ufffd"), `understood ${JSON.stringify(text.slice(0, 200))}`);
    must(listed(read).subject === understood.subject, "the list names it otherwise");
    return `${understood.subject}: ${text.length} characters, ${understood.attachments.length} attachments`;
  };

const page =
  (ids: number, next: string | undefined) =>
  (json: unknown): string => {
    const read = parsePage(json);
    must(read.ids.length === ids && read.next === next, JSON.stringify(read));
    return `${ids} ids, ${next ? "and more" : "no more"}`;
  };

const ask = async (sandbox: Sandbox, path: string, scopes = [scope("readonly")], bearer?: string): Promise<unknown> => {
  const token = bearer ?? (await logIn(sandbox, { scope: scopes.join(" ") })).access_token;
  const url = `${sandbox.baseUrls.GMAIL_BASE_URL}/gmail/v1/users/me${path}`;
  return (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).json();
};

const whole = (q: string) => async (sandbox: Sandbox) => {
  const { messages } = (await ask(sandbox, `/messages?q=${encodeURIComponent(q)}`)) as { messages: { id: string }[] };
  return ask(sandbox, `/messages/${messages[0]?.id}?format=full`);
};

const fullMessages = [
  "gmail/messages_get_full_40_headers_inline_txt.json",
  "gmail/messages_get_full_mixed_alternative_3_pdfs.json",
  "gmail/messages_get_full_related_inline_images.json",
  "gmail/messages_get_full_sent_plain_bcc.json",
];

export const gmail: RecordedAdapter = {
  name: "gmail",
  folders: ["gmail"],
  files: {
    "gmail/error_401_invalid_credentials.json": refusal(401, "auth_required", /\nRun: mcqueen login gmail$/),
    "gmail/error_403_access_not_configured.json": refusal(
      403,
      "not_configured",
      /^Switch it on: https:\/\/console\.developers\.google\.com\/apis\/api\/gmail\.googleapis\.com\/overview\?project=0+$/,
    ),
    "gmail/error_403_insufficient_scope.json": refusal(
      403,
      "auth_required",
      /not given the permissions[\s\S]*\nRun: mcqueen login gmail$/,
    ),
    "gmail/error_429_rate_limit.json": refusal(429, "rate_limited", /^Try again in 60 s\.$/),
    "gmail/messages_get_full_40_headers_inline_txt.json": message({
      subject: "RE: Telefonsamtale idag kl 14.05 KEY:XXX XXX",
      date: "2019-09-06T07:29:26.000Z",
      body: ["text/plain"],
      html: 0,
      attachments: ["1 disclaim.txt text/plain 2207"],
      text: /^X/,
      headers: { cc: "<sam.example@example.com>", from: "<kim.example@example.com>" },
    }),
    "gmail/messages_get_full_mixed_alternative_3_pdfs.json": message({
      subject: "ABC00 tax returns 2017",
      date: "2019-02-28T11:19:40.000Z",
      body: ["text/plain"],
      html: 1,
      attachments: [
        "1 GewSt Mess + VZbescheid2017.pdf application/octet-stream 1076951",
        "2 KSt + VZ Bescheid 2017.pdf application/octet-stream 211046",
        "3 GewSt Mess für VZ 2019.pdf application/octet-stream 462649",
      ],
      text: /xxxxx ü/,
    }),
    "gmail/messages_get_full_related_inline_images.json": message({
      subject: "Vedr.: Fwd: Eksempelbanken Østby",
      date: "2019-09-09T11:43:27.000Z",
      body: ["text/plain"],
      html: 1,
      attachments: [
        "1 part-1.gif image/gif 3435",
        "2 part-2.gif image/gif 623",
        "3 part-3.gif image/gif 366",
        "4 part-4.gif image/gif 400",
        "5 part-5.gif image/gif 664",
        "6 part-6.png image/png 41816",
      ],
      text: /Xæxxxxå/,
    }),
    "gmail/messages_get_full_sent_plain_bcc.json": message({
      subject: "RE: Telefonsamtale idag kl 14.05 KEY:XXX XXX",
      date: "2019-09-06T06:33:35.000Z",
      body: ["text/plain"],
      html: 0,
      attachments: [],
      text: /Xxxøxxx/,
      headers: { bcc: "bcc <bcc@example.org>", message_id: "<person0@example.org>" },
    }),
    "gmail/messages_list_empty.json": page(0, undefined),
    "gmail/messages_list_page.json": page(5, "15575298178385993092"),
  },
  standIns: [
    { files: ["gmail/messages_list_empty.json"], exact: true, ask: (sandbox) => ask(sandbox, "/messages?q=nonesuch") },
    { files: ["gmail/messages_list_page.json"], ask: (sandbox) => ask(sandbox, "/messages?maxResults=5") },
    {
      files: ["gmail/error_401_invalid_credentials.json"],
      exact: true,
      ask: (sandbox) => ask(sandbox, "/messages", [], "ya29.nobody"),
    },
    {
      files: ["gmail/error_403_insufficient_scope.json"],
      exact: true,
      ask: async (sandbox) => {
        const { access_token: token } = await logIn(
          sandbox,
          { scope: scope("send") },
          { email: "alan.turing@example.com" },
        );
        return ask(sandbox, "/labels", [], token);
      },
    },
    {
      files: ["gmail/error_429_rate_limit.json"],
      exact: true,
      ask: (sandbox) => {
        sandbox.fail("gmail", { kind: "status", status: 429, times: 1 });
        return ask(sandbox, "/messages", [], "ya29.nobody");
      },
    },
    { files: fullMessages, ask: whole("subject:minutes") },
    { files: fullMessages, ask: whole("filename:ticket.pdf") },
  ],
};
