import { desktopClientId, desktopClientSecret } from "../../src/sandbox/google/clients.ts";
import type { Sandbox } from "../../src/sandbox/server.ts";

const redirectUri = "http://127.0.0.1:53682/callback";
export const gmail = (name: string): string => `https://www.googleapis.com/auth/gmail.${name}`;

/** The client's side of the stand-in: what an app sends, with more or other parameters on top; undefined leaves one out. */
export type Parameters = Record<string, string | undefined>;

const present = (parameters: Parameters): URLSearchParams =>
  new URLSearchParams(
    Object.entries(parameters).filter((pair): pair is [string, string] => typeof pair[1] === "string"),
  );

/** Where an app sends the browser. */
export function authorizationUrl(sandbox: Sandbox, more: Parameters = {}): string {
  const parameters = present({
    client_id: desktopClientId,
    redirect_uri: redirectUri,
    response_type: "code",
    scope: `openid email ${gmail("readonly")}`,
    state: "some state & more",
    access_type: "offline",
    ...more,
  });
  return `${sandbox.baseUrls.GOOGLE_ACCOUNTS_BASE_URL}/o/oauth2/v2/auth?${parameters}`;
}

export interface Form {
  action: string;
  fields: { type: string; name: string; value: string; checked: boolean }[];
  buttons: { name: string; value: string }[];
}

/** The forms of a page, as a browser sees them. */
export async function formsOf(page: Response): Promise<Form[]> {
  const forms: Form[] = [];
  const text = (element: HTMLRewriterTypes.Element, name: string): string =>
    (element.getAttribute(name) ?? "").replaceAll("&amp;", "&").replaceAll("&quot;", '"');
  await new HTMLRewriter()
    .on("form", { element: (form) => void forms.push({ action: text(form, "action"), fields: [], buttons: [] }) })
    .on("form input", {
      element: (input) =>
        void forms.at(-1)?.fields.push({
          type: text(input, "type"),
          name: text(input, "name"),
          value: text(input, "value"),
          checked: input.hasAttribute("checked"),
        }),
    })
    .on("form button", {
      element: (button) =>
        void forms.at(-1)?.buttons.push({ name: text(button, "name"), value: text(button, "value") }),
    })
    .transform(page)
    .text();
  return forms;
}

/** What the person does on the consent page. */
export interface Choice {
  email?: string;
  /** The scopes that are ticked; all of them unless told. */
  tick?: readonly string[];
  decision?: "allow" | "deny";
}

/** Opens the consent page of an app's own making. @returns where the browser is sent */
export const consent = (sandbox: Sandbox, more: Parameters = {}, choice: Choice = {}): Promise<URL> =>
  consentAt(authorizationUrl(sandbox, more), choice);

/** Opens the consent page and sends its form as a browser does. @returns where the browser is sent */
export async function consentAt(url: string, choice: Choice = {}): Promise<URL> {
  const [form] = await formsOf(await fetch(url, { redirect: "manual" }));
  if (!form) throw new Error("The consent page has no form");
  const body = new URLSearchParams([
    ["account", choice.email ?? "ada.lovelace@example.com"],
    ...form.fields
      .filter(({ name, value }) => name === "scope" && (choice.tick?.includes(value) ?? true))
      .map(({ value }): [string, string] => ["scope", value]),
    ["decision", choice.decision ?? "allow"],
  ]);
  const answer = await fetch(new URL(form.action, url), { method: "POST", body, redirect: "manual" });
  const location = answer.headers.get("location");
  if (answer.status !== 302 || !location) throw new Error(`The consent page answered ${answer.status}`);
  return new URL(location);
}

export interface Answer {
  status: number;
  body: Record<string, string>;
}

/** Posts a form to the token or revocation endpoint. */
export async function post(sandbox: Sandbox, path: "/token" | "/revoke", fields: Parameters): Promise<Answer> {
  const url = `${sandbox.baseUrls.GOOGLE_OAUTH_BASE_URL}${path}`;
  const response = await fetch(url, { method: "POST", body: present(fields) });
  return { status: response.status, body: (await response.json()) as Record<string, string> };
}

const client = { client_id: desktopClientId, client_secret: desktopClientSecret };

export const exchange = (sandbox: Sandbox, code: string | null, more: Parameters = {}): Promise<Answer> =>
  post(sandbox, "/token", {
    grant_type: "authorization_code",
    code: code ?? "",
    redirect_uri: redirectUri,
    ...client,
    ...more,
  });

export const refresh = (sandbox: Sandbox, token: string | undefined, more: Parameters = {}): Promise<Answer> =>
  post(sandbox, "/token", { grant_type: "refresh_token", refresh_token: token, ...client, ...more });

/** Consent and exchange in one. @returns the token endpoint's answer */
export async function logIn(sandbox: Sandbox, more: Parameters = {}, choice: Choice = {}): Promise<Answer["body"]> {
  const back = await consent(sandbox, more, choice);
  return (await exchange(sandbox, back.searchParams.get("code"))).body;
}

/** Presses a button on the page that lists what people allowed, in the section of this person. */
export async function press(sandbox: Sandbox, email: string, action: string): Promise<Response> {
  const url = `${sandbox.baseUrls.GOOGLE_ACCOUNTS_BASE_URL}/permissions`;
  const html = await (await fetch(url)).text();
  const section = html.split("<section").find((part) => part.includes(email)) ?? "";
  const [form] = await formsOf(new Response(section));
  const grant = form?.fields.find(({ name }) => name === "grant")?.value ?? "";
  if (!form?.buttons.some(({ value }) => value === action)) throw new Error(`No button ${action} for ${email}`);
  return fetch(new URL(form.action, url), { method: "POST", body: new URLSearchParams({ grant, action }) });
}
