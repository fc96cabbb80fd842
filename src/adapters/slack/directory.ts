import { listIn, present, recordIn, textIn } from "../../core/answer.ts";
import { AppError } from "../../core/errors.ts";
import { isRecord } from "../../core/parameters.ts";
import type { ToolContext } from "../../core/tool.ts";
import { askSlackOrCache } from "./api.ts";

/** Somebody of the workspace. */
export interface Person {
  id: string;
  /** The handle. */
  name: string;
  displayName?: string;
  realName?: string;
  isGone: boolean;
}

export interface Channel {
  id: string;
  name: string;
  is_private: boolean;
  is_member: boolean;
  members?: number;
  topic?: string;
  purpose?: string;
}

const keptS = 300;
const pageSize = 1_000;
const mostPages = 10;

/** A list of the workspace's, as far as it was followed. */
interface Listed<Item> {
  items: Item[];
  /** Whether a part of it is from a while ago. */
  isKept: boolean;
  /** Why it may lack something. */
  obstacle?: string;
}

/** Follows a list through its pages. @param renew whether to ask anew for what is kept */
async function everyPage<Item>(
  context: ToolContext,
  method: string,
  values: Record<string, string | boolean>,
  read: (json: unknown) => Item[],
  { renew, paceKey }: { renew: boolean; paceKey?: string },
): Promise<Listed<Item>> {
  const items: Item[] = [];
  let isKept = false;
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page++) {
    const { json, cached } = await askSlackOrCache(
      context,
      method,
      { ...values, limit: pageSize, cursor },
      { cache: keptS, renew, ...(paceKey ? { paceKey } : {}) },
    );
    items.push(...read(json));
    isKept ||= cached;
    cursor = textIn(recordIn(json, "response_metadata"), "next_cursor");
    if (cursor === undefined) return { items, isKept };
  }
  return { items, isKept, obstacle: `only the first ${mostPages * pageSize} of the workspace are known` };
}

/** The members of the workspace, kept for five minutes. */
export const listPeople = (context: ToolContext, renew = false): Promise<Listed<Person>> =>
  everyPage(context, "users.list", {}, parsePeople, { renew });

/** Everyone's names by id; without the permission to see them, ids have to do, and the reason is told. */
export async function namesOf(
  context: ToolContext,
): Promise<{ names: ReadonlyMap<string, string>; obstacle?: string }> {
  try {
    const { items } = await listPeople(context);
    return { names: new Map(items.map((person) => [person.id, nameOf(person)])) };
  } catch (error) {
    if (!(error instanceof AppError) || error.metadata.slack_error !== "missing_scope") throw error;
    return { names: new Map(), obstacle: "names are missing, since the token lacks users:read" };
  }
}

const nameOf = ({ displayName, realName, name }: Person): string => displayName ?? realName ?? name;

/** Channels that are not archived, by name. Private ones where the token may see them; else the reason is told. */
export async function listChannels(context: ToolContext, renew = false): Promise<Listed<Channel>> {
  const ask = async (types: string): Promise<Listed<Channel>> => {
    const values = { types, exclude_archived: true };
    const listed = await everyPage(context, "conversations.list", values, parseChannels, { renew, paceKey: types });
    return { ...listed, items: byName(listed.items) };
  };
  try {
    return await ask("public_channel,private_channel");
  } catch (error) {
    if (!(error instanceof AppError) || !lacksOnly(error, "groups:read")) throw error;
    return {
      obstacle: "private channels are missing, since the token lacks groups:read",
      ...(await ask("public_channel")),
    };
  }
}

const lacksOnly = ({ metadata }: AppError, scope: string): boolean =>
  metadata.slack_error === "missing_scope" && Bun.deepEquals(metadata.missing_scopes, [scope]);

const byName = (channels: Channel[]): Channel[] => channels.sort((a, b) => a.name.localeCompare(b.name, "en"));

const parsePeople = (json: unknown): Person[] =>
  (listIn(json, "members") ?? []).flatMap((member) => {
    const [id, name] = [textIn(member, "id"), textIn(member, "name")];
    if (id === undefined || name === undefined) return [];
    const profile = recordIn(member, "profile");
    return present({
      id,
      name,
      displayName: textIn(profile, "display_name"),
      realName: textIn(profile, "real_name") ?? textIn(member, "real_name"),
      isGone: isRecord(member) && member.deleted === true,
    });
  });

/** Group conversations are none: they have no name that a person would type. */
export const parseChannels = (json: unknown): Channel[] =>
  (listIn(json, "channels") ?? []).flatMap((channel) => {
    const [id, name] = [textIn(channel, "id"), textIn(channel, "name")];
    if (!isRecord(channel) || id === undefined || name === undefined || channel.is_mpim === true) return [];
    return present({
      id,
      name,
      is_private: channel.is_private === true,
      is_member: channel.is_member === true,
      members: typeof channel.num_members === "number" ? channel.num_members : undefined,
      topic: textIn(recordIn(channel, "topic"), "value"),
      purpose: textIn(recordIn(channel, "purpose"), "value"),
    });
  });
