import { createContext } from "./context.ts";
import { connectionWith, mail } from "./mailbox.ts";

/** What it prints of an action that succeeded; of another, the error's message. */
export const wasRead = "read";

/** Runs one action of email_personal. Words: base URL, action, parameters in JSON. */
async function readAt([baseUrl = "", action = "", parameters = "{}"]: readonly string[]): Promise<string> {
  const connection = connectionWith(async () => "token");
  const context = createContext({ config: { GMAIL_BASE_URL: baseUrl }, connection });
  return mail(action, JSON.parse(parameters), context).then(
    () => wasRead,
    (error: Error) => error.message,
  );
}

if (import.meta.main) process.stdout.write(await readAt(process.argv.slice(2)));
