import type { AuthorizationRequest } from "./authorization-request.ts";
import { escapeHtml, page } from "./page.ts";
import { people } from "./people.ts";
import { describe, needsTick } from "./scopes.ts";

/**
 * The page where a person allows or denies. Several permissions are unticked, a single one is ticked, as at Google.
 * @param action where the form goes, which is where the request came to
 * @param problem why the page is shown again
 */
export function consentPage(request: AuthorizationRequest, action: string, problem?: string): Response {
  const wanted = request.scopes.filter(needsTick);
  const hinted = people.find(({ email, sub }) => email === request.loginHint || sub === request.loginHint);
  const body = `
<p><strong>${escapeHtml(request.client.name)}</strong> wants to use an account. Afterwards you go on to <code>${escapeHtml(request.redirectUri)}</code>.</p>
${problem === undefined ? "" : `<p role="alert">${escapeHtml(problem)}</p>`}
<form method="post" action="${escapeHtml(action)}">
<fieldset>
<legend>Whose account?</legend>
${people.map(({ email, name }) => option("radio", "account", email, `${name}, ${email}`, email === hinted?.email)).join("\n")}
</fieldset>
<fieldset>
<legend>What may it do?</legend>
<p>It will know who you are, as far as it asked.</p>
${wanted.map((scope) => option("checkbox", "scope", scope, describe(scope), wanted.length === 1)).join("\n")}
${wanted.length > 1 ? option("checkbox", "all", "yes", "Select all: allow everything in this list, ticked or not", false) : ""}
</fieldset>
<button name="decision" value="allow">Allow</button>
<button name="decision" value="deny">Cancel</button>
</form>`;
  return page("Allow access to an account?", body, problem === undefined ? 200 : 400);
}

const option = (type: "radio" | "checkbox", name: string, value: string, label: string, checked: boolean): string =>
  `<label><input type="${type}" name="${name}" value="${escapeHtml(value)}"${checked ? " checked" : ""}> ${escapeHtml(label)}</label>`;
