import { findClient } from "./clients.ts";
import { readForm } from "./form.ts";
import { type Flag, findGrantByKey, type Grant, has, listGrants, revoke, scopesOf, set } from "./grants.ts";
import { errorPage, escapeHtml, isForeign, page } from "./page.ts";
import { describe } from "./scopes.ts";
import { countRefresh, expireAccess } from "./tokens.ts";

const actions: Record<string, (grant: Grant) => void> = {
  remove: (grant) => void revoke(grant),
  expire: expireAccess,
  rotation: (grant) => set(grant, "rotation", !has(grant, "rotation")),
  testing: (grant) => set(grant, "testing", !has(grant, "testing")),
};

/** Answers at /permissions: GET lists what people allowed, POST changes one of these. */
export async function answerPermissions(request: Request, folder: string): Promise<Response> {
  const { pathname } = new URL(request.url);
  if (request.method !== "POST") return permissionsPage(listGrants(folder), pathname);
  if (isForeign(request)) return errorPage(400, "invalid_request", "This form was sent from another site.");
  const form = await readForm(request);
  const name = form.get("action") ?? "";
  const act = Object.hasOwn(actions, name) ? actions[name] : undefined;
  const grant = findGrantByKey(folder, form.get("grant") ?? "");
  if (!act || !grant) return errorPage(404, "not_found", "There is no such connection, or nothing to do with it.");
  act(grant);
  return new Response(null, { status: 303, headers: { location: pathname } });
}

function permissionsPage(grants: readonly Grant[], action: string): Response {
  const none = "<p>Nobody has allowed anything yet.</p>";
  return page("Your connections", grants.map((grant) => section(grant, action)).join("\n") || none);
}

function section(grant: Grant, action: string): string {
  const button = (name: string, label: string): string =>
    `<button name="action" value="${name}">${escapeHtml(label)}</button>`;
  const onOff = (flag: Flag): string => (has(grant, flag) ? "on" : "off");
  const turn = (flag: Flag): string => (has(grant, flag) ? "off" : "on");
  return `<section aria-labelledby="grant-${grant.key}">
<h2 id="grant-${grant.key}">${escapeHtml(findClient(grant.clientId)?.name ?? grant.clientId)} – ${escapeHtml(grant.email)}</h2>
<p>Allowed on ${escapeHtml(grant.grantedAt)}. Refresh tokens: ${countRefresh(grant)}. Their rotation: ${onOff("rotation")}. Testing status: ${onOff("testing")}.</p>
<ul>
${scopesOf(grant)
  .map((scope) => `<li>${escapeHtml(describe(scope))}: <code>${escapeHtml(scope)}</code></li>`)
  .join("\n")}
</ul>
<form method="post" action="${escapeHtml(action)}">
<input type="hidden" name="grant" value="${grant.key}">
${button("remove", "Remove access")}
${button("expire", "Expire access tokens now")}
${button("rotation", `Turn rotation of refresh tokens ${turn("rotation")}`)}
${button("testing", `Turn testing status ${turn("testing")}`)}
</form>
</section>`;
}
