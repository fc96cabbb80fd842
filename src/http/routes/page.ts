import { type AnyElysia, Elysia } from "elysia";
import { bundle } from "../../web/bundle.ts" with { type: "macro" };
import type { Asset } from "../../web/bundle.ts";
import type { Auth } from "../auth.ts";

const assets: readonly Asset[] = bundle();

/** What the page may load: its own files, and nothing that was written into it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Where the page lies: at the root, and where the code of a pairing points to. */
const alsoPage = "/pair";

/** The page for a phone's browser: one GET for each of its files, which lie inside the binary. */
export function pageRoutes(auth: Auth) {
  return assets
    .flatMap(pathsOf)
    .reduce<AnyElysia>(
      (routes, { path, asset, bytes }) =>
        routes.use(
          new Elysia({ normalize: false })
            .use(auth.macro)
            .get(path, ({ request }) => answer(asset, bytes, request), { auth: "open", detail: { hide: true } }),
        ),
      new Elysia({ normalize: false }),
    );
}

function pathsOf(asset: Asset) {
  const bytes = Buffer.from(asset.base64, "base64");
  const paths = asset.path === "/" ? ["/", alsoPage] : [asset.path];
  return paths.map((path) => ({ path, asset, bytes }));
}

function answer({ type, etag }: Asset, bytes: Uint8Array<ArrayBuffer>, request: Request): Response {
  // Asked again each time, and answered without a body while nothing has changed: no daemon serves another's page.
  const headers = { etag, "cache-control": "no-cache", "content-security-policy": policy };
  const known = (request.headers.get("if-none-match") ?? "").split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  if (known.includes(etag)) return new Response(null, { status: 304, headers });
  return new Response(bytes, { headers: { ...headers, "content-type": type } });
}
