import { Elysia } from "elysia";
import { AppError } from "../../core/errors.ts";
import { installPage } from "../../core/lan-page.ts";
import type { Auth } from "../auth.ts";
import type { LanFacts } from "../listener.ts";

/** What a phone needs before it can trust this daemon: its authority, and how to install it. */
export function lanRoutes(auth: Auth, lan: () => LanFacts | undefined) {
  const facts = (): LanFacts => {
    const found = lan();
    if (found) return found;
    throw new AppError("not_found", "The daemon does not listen on the LAN", { hint: "Run: mcqueen lan on" });
  };
  return new Elysia({ normalize: false, tags: ["lan"] })
    .use(auth.macro)
    .get("/lan", () => page(installPage(facts())), {
      auth: "none",
      detail: { summary: "How to install the certificate authority of this daemon; a page" },
    })
    .get(
      "/lan/ca.crt",
      () =>
        new Response(facts().authority, {
          headers: {
            "content-type": "application/x-x509-ca-cert",
            "content-disposition": 'attachment; filename="mcqueen-ca.crt"',
            "cache-control": "no-store",
          },
        }),
      { auth: "none", detail: { summary: "The certificate of that authority, PEM" } },
    );
}

const page = (html: string): Response =>
  new Response(html, { headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" } });
