import { notUnderstood, recordIn, textIn } from "../../core/answer.ts";
import { AppError, invalidParameters } from "../../core/errors.ts";
import { printable } from "../../core/parameters.ts";
import type { ToolContext } from "../../core/tool.ts";
import { askSlack, provider } from "./api.ts";
import { type Channel, listChannels, listPeople, type Person } from "./directory.ts";

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

/** Looks into what is kept, and asks anew before it says that something is not there. */
async function findIn<Item>(
  list: (renew?: boolean) => Promise<{ items: Item[]; isKept: boolean; obstacle?: string }>,
  matching: (items: Item[]) => Item[],
): Promise<{ found: Item[]; obstacle?: string }> {
  const first = await list();
  const found = matching(first.items);
  if (found.length > 0 || !first.isKept) return { ...first, found };
  const anew = await list(true);
  return { ...anew, found: matching(anew.items) };
}

async function channelNamed(context: ToolContext, name: string): Promise<string> {
  const wanted = name.toLowerCase();
  const { found, obstacle } = await findIn<Channel>(
    (renew) => listChannels(context, renew),
    (channels) => channels.filter((channel) => channel.name.toLowerCase() === wanted),
  );
  const [only, another] = found;
  if (only && !another) return only.id;
  if (another) {
    const ids = found.map(({ id }) => id).join(" or ");
    throw invalidParameters([`#${printable(name)} may be ${ids}`], "Take one of these ids.");
  }
  throw new AppError("not_found", `There is no channel #${printable(name)}`, {
    hint: `${obstacle ? `Note that ${obstacle}.\n` : ""}Run: mcqueen run slack_personal list_channels`,
    metadata: { provider },
  });
}

/** A member's id, or undefined for a text that names nobody by its form. */
async function resolvePerson(context: ToolContext, text: string): Promise<string | undefined> {
  if (personId.test(text)) return text;
  if (text.startsWith("@")) return memberNamed(context, text.slice(1));
  if (!mail.test(text)) return undefined;
  const id = textIn(recordIn(await askSlack(context, "users.lookupByEmail", { email: text }), "user"), "id");
  if (id === undefined) throw notUnderstood(provider);
  return id;
}

async function memberNamed(context: ToolContext, given: string): Promise<string> {
  const { found, obstacle } = await findIn<Person>(
    (renew) => listPeople(context, renew),
    (people) => membersCalled(people, given),
  );
  return theOnly(found, given, obstacle).id;
}

/**
 * Everyone who is called so by handle or by a name that is shown: people choose both themselves, so neither counts more,
 * or somebody could take the handle that is another one's name and get what is meant for them.
 */
export function membersCalled(people: readonly Person[], given: string): Person[] {
  const wanted = given.trim().toLowerCase();
  return people.filter(
    ({ isGone, name, displayName, realName }) =>
      !isGone && [name, displayName, realName].some((each) => each?.toLowerCase() === wanted),
  );
}

/** Of two who are called the same, none is guessed. @throws AppError invalid_parameters, not_found */
export function theOnly(found: readonly Person[], given: string, obstacle?: string): Person {
  const [only, another] = found;
  if (only && !another) return only;
  if (another) {
    const choices = found.map(({ id, name }) => `@${printable(name)} (${printable(id)})`).join(" or ");
    throw invalidParameters(
      [`@${printable(given)} may be ${choices}`],
      "Take the id in brackets, or the person's mail address.",
    );
  }
  throw new AppError("not_found", `There is nobody called @${printable(given)} in this workspace`, {
    hint: `${obstacle ? `Note that ${obstacle}.\n` : ""}Check the spelling, or take the person's mail address.`,
    metadata: { provider },
  });
}

async function openDirect(context: ToolContext, person: string): Promise<string> {
  const id = textIn(recordIn(await askSlack(context, "conversations.open", { users: person }), "channel"), "id");
  if (id === undefined) throw notUnderstood(provider);
  return id;
}
