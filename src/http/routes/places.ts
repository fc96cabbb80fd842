import { Elysia } from "elysia";
import type { App } from "../../app.ts";
import { PlaceBody, PlaceImportBody, PlacePatch } from "../../core/saved-place.ts";
import type { Auth } from "../auth.ts";
import { jsonBody } from "../openapi-body.ts";
import { succeed } from "../replies.ts";

/** The caller's saved places, and nobody else's. */
export function placeRoutes(app: App, auth: Auth, prefix: string) {
  const { places } = app;
  return new Elysia({ prefix: `${prefix}/places`, normalize: false, tags: ["places"] })
    .use(auth.macro)
    .get(
      "/",
      async ({ caller }) => {
        const listed = await places.list(caller.userId);
        return succeed({ places: listed, total: listed.length });
      },
      { auth: "user", detail: { summary: "The caller's saved places, by name" } },
    )
    .post("/", async ({ caller, body }) => succeed({ data: await places.add(caller, body) }), {
      auth: "user",
      detail: { summary: "Save a place", requestBody: jsonBody(PlaceBody) },
    })
    .patch(
      "/:id",
      async ({ caller, params, body }) => succeed({ data: await places.change(caller, params.id, body) }),
      {
        auth: "user",
        detail: { summary: "Change the named parts of a place; null removes one", requestBody: jsonBody(PlacePatch) },
      },
    )
    .delete(
      "/:id",
      async ({ caller, params }) => {
        await places.remove(caller, params.id);
        return succeed({ data: { removed: params.id } });
      },
      { auth: "user", detail: { summary: "Remove a place" } },
    )
    .post("/import", async ({ caller, body }) => succeed({ data: await places.importFile(caller, body) }), {
      auth: "user",
      detail: {
        summary: "Take over a file of places: Google Takeout's zip, GeoJSON or CSV, or our own export",
        requestBody: jsonBody(PlaceImportBody),
      },
    });
}
