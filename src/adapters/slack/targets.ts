import { notUnderstood, recordIn, textIn } from "../../core/answer.ts";
import { AppError, invalidParameters } from "../../core/errors.ts";
import { printable } from "../../core/parameters.ts";
import type { ToolContext } from "../../core/tool.ts";
import { askSlack, provider } from "./api.ts";
import { listChannels, listPeople, type Person } from "./directory.ts";

const channelId = /^[CGD][A-Z0-9]{6,20}$/;
const personId = /^[UW][A-Z0-9]{6,20}$/;
const mail = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;

/**
 * The conversation that a person means by a channel's id, #name, @person, a member's id or a mail address.
 * @param field the parameter's name, for sentences
 * @throws AppError invalid_parameters, not_found
 */
export async function resolveConversation(context: ToolContext, given: string, field: string): Promise<string> {
  const text = given.trim();
  if (channelId.test(text)) return text;
  if (text.startsWith("#")) return channelNamed(context, text.slice(1));
  const person = await resolvePerson(context, text);
  if (person !== undefined) return openDirect(context, person);
  throw invalidParameters(
    [`Parameter ${field} must be a channel's id, #name, @person or a mail address`],
    `Did you mean #${printable(text)} or @${printable(text)}?`,
  );
}

async function channelNamed(context: ToolContext, name: string): Promise<string> {
  const { channels, obstacle } = await listChannels(context);
  const wanted = name.toLowerCase();
  const found = channels.find((channel) => channel.name.toLowerCase() === wanted);
  if (found) return found.id;
  throw new AppError("not_found", `There is no channel #${printable(name)}`, {
    hint: `${obstacle ? `Note that ${obstacle}.\n` : ""}Run: mcqueen run slack_personal list_channels`,
    metadata: { provider },
  });
}

/** A member's id, or undefined for a text that names nobody by its form. */
async function resolvePerson(context: ToolContext, text: string): Promise<string | undefined> {
  if (personId.test(text)) return text;
  if (text.startsWith("@")) return memberNamed(await listPeople(context), text.slice(1)).id;
  if (!mail.test(text)) return undefined;
  const id = textIn(recordIn(await askSlack(context, "users.lookupByEmail", { email: text }), "user"), "id");
  if (id === undefined) throw notUnderstood(provider);
  return id;
}

/** By handle, else by the name that is shown. Of two who are called the same, none is guessed. */
export function memberNamed(people: readonly Person[], given: string): Person {
  const wanted = given.trim().toLowerCase();
  const here = people.filter(({ isGone }) => !isGone);
  const byHandle = here.find(({ name }) => name.toLowerCase() === wanted);
  if (byHandle) return byHandle;
  const alike = here.filter(({ displayName, realName }) =>
    [displayName, realName].some((name) => name?.toLowerCase() === wanted),
  );
  const [only, another] = alike;
  if (only && !another) return only;
  if (another) {
    throw invalidParameters(
      [`@${printable(given)} may be ${alike.map(({ name }) => `@${name}`).join(" or ")}`],
      "Take one of these, or the mail address.",
    );
  }
  throw new AppError("not_found", `There is nobody called @${printable(given)} in this workspace`, {
    hint: "Check the spelling, or take the person's mail address.",
    metadata: { provider },
  });
}

async function openDirect(context: ToolContext, person: string): Promise<string> {
  const id = textIn(recordIn(await askSlack(context, "conversations.open", { users: person }), "channel"), "id");
  if (id === undefined) throw notUnderstood(provider);
  return id;
}
