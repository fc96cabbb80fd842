import { Elysia } from "elysia";
import type { App } from "../../app.ts";
import { listDevice, RenameBody } from "../../core/device.ts";
import { ClaimBody, NumberBody, WaitBody } from "../../core/pairing.ts";
import type { Auth } from "../auth.ts";
import { factsOf } from "../facts.ts";
import { jsonBody } from "../openapi-body.ts";
import { succeed } from "../replies.ts";

/** Pairing as the phone sees it, and the devices that came of it. */
export function deviceRoutes(app: App, auth: Auth, prefix: string) {
  const { devices, pairing } = app;
  return new Elysia({ prefix: `${prefix}/devices`, normalize: false, tags: ["devices"] })
    .use(auth.macro)
    .post(
      "/claim",
      async ({ body, request }) => {
        const { listener } = factsOf(request);
        return succeed({ claim: await auth.gate.login(request, () => pairing.claim(listener, body)) });
      },
      {
        auth: "none",
        detail: {
          summary: "Bring the code of mcqueen pair; answers a claim token and the commitment to a nonce",
          requestBody: jsonBody(ClaimBody),
        },
      },
    )
    .post(
      "/claim/number",
      async ({ body, request }) => succeed({ claim: await pairing.exchange(factsOf(request).listener, body) }),
      {
        auth: "none",
        detail: {
          summary: "Tell the phone's nonce, learn the computer's; both then show the same six digits",
          requestBody: jsonBody(NumberBody),
        },
      },
    )
    .post(
      "/claim/wait",
      async ({ body, request }) => {
        const { listener, address, keepOpen } = factsOf(request);
        keepOpen?.();
        const outcome = await auth.gate.hold(`claims of ${address}`, async (release) => {
          const ended = await pairing.wait(listener, body, request.signal);
          release();
          return ended;
        });
        if (outcome.status === "waiting") return succeed({ status: "waiting" });
        return succeed({ status: "paired", device_token: outcome.secret, device: listDevice(outcome.device) });
      },
      {
        auth: "none",
        detail: {
          summary: "Wait for the person at the computer; answers the device token, this once",
          requestBody: jsonBody(WaitBody),
        },
      },
    )
    .get(
      "/",
      async ({ caller, query }) => {
        const everyone = query.all === "true" && caller.role === "admin" && !caller.bounds;
        const list = (await devices.list(everyone ? undefined : caller.userId)).map(listDevice);
        return succeed({ devices: list, total: list.length });
      },
      { auth: "user", detail: { summary: "The caller's paired devices; an admin sees everyone's with ?all=true" } },
    )
    .patch(
      "/:id",
      async ({ caller, params, body }) =>
        succeed({ device: listDevice(await devices.rename(caller, params.id, body)) }),
      { auth: "user", detail: { summary: "Give a device another name", requestBody: jsonBody(RenameBody) } },
    )
    .delete(
      "/:id",
      async ({ caller, params }) =>
        succeed({ data: { revoked: params.id, ...(await devices.revoke(caller, params.id)) } }),
      { auth: "user", detail: { summary: "Revoke a device, with its sessions and what these made; at once" } },
    );
}
