import type { CallbackVerdict } from "./accounts.ts";
import { randomText } from "./secret.ts";

/** The page that a person sees at the end of a login. */
export const callbackPage = ({ ok, title, text }: CallbackVerdict, status = ok ? 200 : 400): Response =>
  page(`${ok ? "✓" : "✗"} ${title}`, [text, "You can close this page."], { status });

export interface PageOptions {
  status?: number;
  /** Seconds after which the browser looks again. */
  refreshS?: number;
  /** Shown large, to be compared. */
  number?: string;
  /** An address of ours that a person may choose to go to, and the words for it. */
  link?: { href: string; text: string };
}

/** A page of ours: no script, nothing from elsewhere, nothing kept. */
export function page(title: string, paragraphs: readonly string[], options: PageOptions = {}): Response {
  const nonce = randomText(12, "base64url");
  const { status = 200, refreshS, number, link } = options;
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
${refreshS === undefined ? "" : `<meta http-equiv="refresh" content="${refreshS}">\n`}<title>${escaped(title)}</title>
<style nonce="${nonce}">
:root { color-scheme: light dark; font: 1.1rem/1.5 system-ui, sans-serif }
main { max-width: 34rem; margin: 12vh auto 0; padding: 0 1.5rem }
h1 { font-size: 1.5rem }
.number { font: 600 2rem ui-monospace, monospace; letter-spacing: .1em }
</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
${number === undefined ? "" : `<p class="number">${escaped(number)}</p>\n`}${paragraphs.map((text) => `<p>${escaped(text)}</p>`).join("\n")}
${link === undefined ? "" : `<p><a href="${escaped(link.href)}">${escaped(link.text)}</a></p>\n`}</main>
</body>
</html>
`;
  return new Response(html, {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      "cache-control": "no-store",
      "referrer-policy": "no-referrer",
      "x-content-type-options": "nosniff",
      "x-frame-options": "DENY",
    },
  });
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
