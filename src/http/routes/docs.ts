import { type AnyElysia, Elysia } from "elysia";
import styles from "swagger-ui-dist/swagger-ui.css" with { type: "file" };
import bundle from "swagger-ui-dist/swagger-ui-bundle.js" with { type: "file" };
import type { App } from "../../app.ts";
import type { Auth } from "../auth.ts";
import { json } from "../replies.ts";

/** The API's own description, and a page that renders it from files inside the binary. */
export function docsRoutes(app: App, auth: Auth, prefix: string, routes: () => AnyElysia) {
  let description: Promise<object> | undefined;
  const describe = (): Promise<object> => {
    description ??= import("../openapi.ts").then(({ describeApi }) =>
      describeApi(routes(), app.registry.tools, prefix),
    );
    return description;
  };
  const open = { auth: "none", detail: { hide: true } } as const;
  return new Elysia()
    .use(auth.macro)
    .get("/openapi.json", async () => json(await describe()), open)
    .get("/docs", () => asset(page, "text/html; charset=utf-8"), open)
    .get("/docs/start.js", () => asset(start, "text/javascript; charset=utf-8"), open)
    .get("/docs/swagger-ui.js", () => asset(Bun.file(String(bundle)), "text/javascript; charset=utf-8"), open)
    .get("/docs/swagger-ui.css", () => asset(Bun.file(String(styles)), "text/css; charset=utf-8"), open);
}

const asset = (body: string | Blob, type: string): Response =>
  new Response(body, { headers: { "content-type": type, "cache-control": "no-cache" } });

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>mcqueen API</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<main id="api"></main>
<script src="/docs/swagger-ui.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`;

const start = `window.addEventListener("load", () => {
  SwaggerUIBundle({ url: "/openapi.json", dom_id: "#api", deepLinking: true, validatorUrl: null });
});
`;
