import type { Seed } from "./seed.ts";

/** The bytes of a seed as a mail, as latin1. */
export function buildMail(
  seed: Seed,
  at: Date,
  messageId: (key: string) => string,
  earlier: readonly string[],
): string {
  const lines = [
    ...(seed.headers ?? []),
    `Date: ${at.toUTCString().replace("GMT", "+0000")}`,
    `From: ${seed.from}`,
    `To: ${seed.to}`,
    ...(seed.cc ? [`Cc: ${seed.cc}`] : []),
    ...(seed.subject === "" ? [] : [`Subject: ${seed.subject}`]),
    `Message-ID: ${messageId(seed.key)}`,
    ...(seed.answers ? [`In-Reply-To: ${messageId(seed.answers)}`] : []),
    ...(earlier.length > 0 ? [`References: ${earlier.map(messageId).join(" ")}`] : []),
    "MIME-Version: 1.0",
  ];
  return `${lines.map(utf8).join("\r\n")}\r\n${bodyOf(seed)}`;
}

/** Text as the bytes of its UTF-8. Escapes below 0x80 are unchanged. */
const utf8 = (text: string): string => Buffer.from(text).toString("latin1");

const base64 = (bytes: Buffer): string => (bytes.toString("base64").match(/.{1,76}/g) ?? []).join("\r\n");

function bodyOf(seed: Seed): string {
  const content = contentOf(seed);
  if (!seed.attachments) return content;
  const files = seed.attachments.map(({ name, type, content: file, base64: isEncoded }) =>
    [
      `Content-Type: ${type}${type.includes(";") ? "" : `; name="${utf8(name)}"`}`,
      "Content-Transfer-Encoding: base64",
      `Content-Disposition: attachment; filename*=utf-8''${encodeURIComponent(name)}`,
      "",
      base64(Buffer.from(file, isEncoded ? "base64" : "utf8")),
    ].join("\r\n"),
  );
  return multipart("mixed", [content, ...files], `mixed-${seed.key}`);
}

function contentOf({ key, text, html, encoded }: Seed): string {
  if (encoded) return entity(encoded.type, encoded.encoding, encoded.content.replaceAll("\n", "\r\n"));
  const forms = [
    ...(text === undefined ? [] : [entity("text/plain; charset=utf-8", "base64", base64(Buffer.from(text)))]),
    ...(html === undefined ? [] : [entity("text/html; charset=utf-8", "base64", base64(Buffer.from(html)))]),
  ];
  return forms.length === 1 ? (forms[0] ?? "") : multipart("alternative", forms, `alternative-${key}`);
}

const entity = (type: string, encoding: string, content: string): string =>
  `Content-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${content}`;

const multipart = (kind: string, parts: readonly string[], boundary: string): string =>
  `Content-Type: multipart/${kind}; boundary="${boundary}"\r\n\r\n${parts.map((part) => `--${boundary}\r\n${part}\r\n`).join("")}--${boundary}--\r\n`;
