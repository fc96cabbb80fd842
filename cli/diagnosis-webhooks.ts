import type { App } from "../src/app.ts";
import { findServices } from "../src/core/oauth-provider.ts";
import type { WebhookState } from "../src/core/webhook-desk.ts";
import { isSettingName } from "../src/settings-table.ts";
import type { Finding } from "./finding.ts";

/** What services send us has to find the way here, to be believed, and to be somebody's. */
export async function* ofWebhooks(app: App): AsyncGenerator<Finding> {
  for (const webhook of await app.webhooks.list()) if (webhook.isWanted) yield await ofWebhook(app, webhook);
}

async function ofWebhook(app: App, { id, name, service, missing: unset }: WebhookState): Promise<Finding> {
  const about = `webhook ${id}`;
  const lacking = await lackingAccount(app, service);
  const missing = [...unset, ...(lacking?.setting === undefined ? [] : [lacking.setting])];
  if (missing.length > 0) {
    const fix = `Run: ${missing.map((each) => `mcqueen settings set ${each} -`).join(" and ")}`;
    return { about, status: "warns", detail: `${name} cannot tell of messages: ${missing.join(", ")} not set`, fix };
  }
  if (lacking)
    return {
      about,
      status: "warns",
      detail: `no account of ${name} is linked, so its messages are nobody's`,
      fix: lacking.fix,
    };
  const url = app.settings.text("PUBLIC_URL");
  const address = `${(url ?? "https://<your address>").replace(/\/$/, "")}/webhooks/${id}`;
  if (url?.startsWith("https:")) return { about, status: "works", detail: `${name} is to call ${address}` };
  return {
    about,
    status: "warns",
    detail: `${name} reaches public https addresses only, and PUBLIC_URL is ${url ?? "not set"}`,
    fix: `Give the daemon an address by a tunnel or a proxy, run mcqueen settings set PUBLIC_URL https://…, and enter ${address} at the service.`,
  };
}

/** What keeps its messages from being anybody's here; undefined where somebody has an account. */
async function lackingAccount(app: App, service: string): Promise<{ setting?: string; fix: string } | undefined> {
  for (const { id } of await app.people.users()) {
    const accounts = await app.accounts.list(id);
    if (accounts.some(({ services }) => services.includes(service))) return undefined;
  }
  const installation = findServices(app.accounts.providers, service)?.provider.installation;
  const isSet = async (name: string | undefined): Promise<boolean> =>
    name !== undefined && isSettingName(name) && (await app.secrets.read(name)) !== undefined;
  const fix = `Run: mcqueen login ${service}${installation ? " --token" : ""}`;
  if (installation?.subject !== undefined && !(await isSet(installation.subject)))
    return { setting: installation.subject, fix };
  return (await isSet(installation?.setting)) ? undefined : { fix };
}
