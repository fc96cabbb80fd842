import type { CallbackVerdict } from "./accounts.ts";
import { randomText } from "./secret.ts";

/** The page that a person sees at the end of a login: no script, nothing from elsewhere, nothing kept. */
export function callbackPage({ ok, title, text }: CallbackVerdict, status = ok ? 200 : 400): Response {
  const nonce = randomText(12, "base64url");
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<style nonce="${nonce}">
:root { color-scheme: light dark; font: 1.1rem/1.5 system-ui, sans-serif }
main { max-width: 32rem; margin: 15vh auto 0; padding: 0 1.5rem }
h1 { font-size: 1.5rem }
</style>
</head>
<body>
<main>
<h1>${ok ? "✓" : "✗"} ${escaped(title)}</h1>
<p>${escaped(text)}</p>
<p>You can close this page.</p>
</main>
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
