/** Text as HTML, safe also inside a quoted attribute. */
export const escapeHtml = (text: string): string => Bun.escapeHTML(text);

const style = `
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 36rem; margin: 2rem auto; padding: 0 1rem; }
fieldset, section { margin: 1.5rem 0; padding: 1rem; border: 1px solid; border-radius: .5rem; }
label { display: block; padding: .25rem 0; }
button { font: inherit; padding: .5rem 1rem; margin: .25rem .5rem .25rem 0; }
code { overflow-wrap: anywhere; }
`;

/** A page without script. @param body HTML, with all that came from outside escaped @param service whose page it stands for */
export function page(title: string, body: string, status = 200, service = "Google"): Response {
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} – sandbox of mcqueen</title>
<style>${style}</style>
</head>
<body>
<p role="note"><strong>This is the sandbox of mcqueen, not ${service}.</strong> The people here are invented, and nothing that you do here reaches ${service}.</p>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
  return new Response(html, {
    status,
    headers: {
      "content-type": "text/html; charset=utf-8",
      // form-action is left open, since browsers hold it against the redirect that follows a form.
      "content-security-policy":
        "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
      "cache-control": "no-store",
    },
  });
}

/** How Google refuses before it trusts the redirect URI: on a page, and never by a redirect. */
export const errorPage = (status: number, error: string, sentence: string): Response =>
  page(
    "Access blocked: Authorization Error",
    `<p>${escapeHtml(sentence)}</p>\n<p>Error ${status}: <code>${escapeHtml(error)}</code></p>`,
    status,
  );

/** Whether a form was sent from a page of another origin. */
export function isForeign(request: Request): boolean {
  const origin = request.headers.get("origin");
  return origin !== null && origin !== new URL(request.url).origin;
}
