import type { Upstream } from "../upstream.ts";
import { answerPhone } from "./phone-page.ts";
import { apiToken, appSecret, displayNumber, phoneNumberId, verifyToken } from "./phones.ts";
import { answerSend, refuse } from "./send.ts";

/** WhatsApp's Cloud API at Meta, and beside it the telephones of the invented people. */
export const whatsapp: Upstream = {
  id: "whatsapp",
  setting: "WHATSAPP_BASE_URL",
  defaults: {
    WHATSAPP_API_TOKEN: apiToken,
    WHATSAPP_PHONE_NUMBER_ID: phoneNumberId,
    WHATSAPP_APP_SECRET: appSecret,
    WHATSAPP_VERIFY_TOKEN: verifyToken,
  },
  async answer(request, path, query, now, folder) {
    if (path === "/phone") return answerPhone(request, now, folder);
    const [, id, what] = /^\/v\d{1,3}\.\d\/(\w+)(\/messages)?$/.exec(path) ?? [];
    if (id === undefined) return refuse(400, 2500, "Unknown path components: the version is missing or malformed");
    if (request.headers.get("authorization") !== `Bearer ${apiToken}`) {
      return Response.json(
        {
          error: {
            message: "Error validating access token: Session has expired on Monday, 23-Nov-26 06:00:00 PST.",
            type: "OAuthException",
            code: 190,
            error_subcode: 463,
            fbtrace_id: "ASandbox00000000000000",
          },
        },
        { status: 401 },
      );
    }
    if (id !== phoneNumberId)
      return refuse(400, 100, `Unsupported request. Object with ID '${id}' does not exist`, undefined, 33);
    if (what && request.method === "POST") return answerSend(await readBody(request), now, folder);
    if (!what && request.method === "GET") return showNumber(query);
    return refuse(400, 100, "Unsupported request");
  },
  failure: (status) => ({
    error: {
      message: `An unknown error has occurred (${status}).`,
      type: "OAuthException",
      code: status === 429 ? 80007 : 1,
    },
  }),
};

async function readBody(request: Request): Promise<unknown> {
  try {
    return await request.json();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function showNumber(query: URLSearchParams): Response {
  const all = {
    id: phoneNumberId,
    display_phone_number: displayNumber,
    verified_name: "Analytical Engines",
    quality_rating: "GREEN",
  };
  const wanted = (query.get("fields") ?? Object.keys(all).join(",")).split(",");
  const unknown = wanted.find((name) => !(name in all));
  if (unknown) return refuse(400, 100, `Tried accessing nonexisting field (${unknown})`);
  return Response.json(
    Object.fromEntries(Object.entries(all).filter(([name]) => name === "id" || wanted.includes(name))),
  );
}
