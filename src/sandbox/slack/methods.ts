import { addPost, findRoom, openDirect, postsIn, roomsOf } from "./posts.ts";
import { permalinkOf, showMember, showPost, showRoom } from "./shapes.ts";
import type { Holder } from "./tokens.ts";
import { appId, bot, members, type Post, type Room, team } from "./workspace.ts";

/** One call of a method by somebody whose token was good. */
export interface MethodCall {
  folder: string;
  now: Date;
  holder: Holder;
  values: Readonly<Record<string, string | undefined>>;
}

/** A refusal by one of Slack's words. */
export class Refusal extends Error {
  constructor(
    readonly word: string,
    readonly more: Record<string, unknown> = {},
  ) {
    super(word);
  }
}

export interface Method {
  /** The arguments that it takes; those with a star it needs. */
  takes: string;
  /** Not for a bot's token. */
  personOnly?: true;
  scope?(call: MethodCall): readonly string[];
  run(call: MethodCall): Record<string, unknown>;
}

const kindOf = (id: string, room: Room | undefined): string =>
  id.startsWith("D") ? "im" : room?.isPrivate ? "groups" : "channels";

const historyScope = ({ folder, values }: MethodCall): readonly string[] => [
  `${kindOf(values.channel ?? "", findRoom(folder, values.channel ?? ""))}:history`,
];

/** A private conversation does not exist for whoever is not in it. */
function roomFor({ folder, holder, values }: MethodCall): Room {
  const room = findRoom(folder, values.channel ?? "");
  if (!room || (room.isPrivate && !room.members.includes(holder.userId))) throw new Refusal("channel_not_found");
  return room;
}

function page<Item>(items: readonly Item[], { values }: MethodCall): { items: Item[]; next: string } {
  const limit = Number(values.limit ?? 100);
  if (!Number.isInteger(limit) || limit < 1 || limit > 1_000) throw new Refusal("invalid_limit");
  const start = values.cursor
    ? Number(
        Buffer.from(values.cursor, "base64")
          .toString()
          .replace(/^next:/, ""),
      )
    : 0;
  if (!Number.isInteger(start) || start < 0) throw new Refusal("invalid_cursor");
  const end = start + limit;
  const next = end < items.length ? Buffer.from(`next:${end}`).toString("base64") : "";
  return { items: items.slice(start, end), next };
}

const typesOf = ({ types }: MethodCall["values"]): string[] => (types ?? "public_channel").split(",");
const scopeOfType: Record<string, string> = {
  public_channel: "channels:read",
  private_channel: "groups:read",
  im: "im:read",
  mpim: "mpim:read",
};

export const methods: Record<string, Method> = {
  "users.list": {
    takes: "limit cursor",
    scope: () => ["users:read"],
    run(call) {
      const { items, next } = page(members, call);
      const seen = items.map((member) => showMember(member, call.holder.scopes.includes("users:read.email")));
      return {
        members: seen,
        cache_ts: Math.floor(call.now.getTime() / 1000),
        response_metadata: { next_cursor: next },
      };
    },
  },
  "users.lookupByEmail": {
    takes: "email*",
    scope: () => ["users:read.email"],
    run({ values }) {
      const found = members.find(({ email, isGone }) => email === values.email?.toLowerCase() && !isGone);
      if (!found) throw new Refusal("users_not_found");
      return { user: showMember(found, true) };
    },
  },
  "conversations.list": {
    takes: "types exclude_archived limit cursor",
    scope: ({ values }) => typesOf(values).map((type) => scopeOfType[type] ?? "channels:read"),
    run(call) {
      const { values, holder } = call;
      const types = typesOf(values);
      if (types.some((type) => !(type in scopeOfType))) throw new Refusal("invalid_types");
      const shown = roomsOf(holder.userId)
        .filter(({ isPrivate }) => types.includes(isPrivate ? "private_channel" : "public_channel"))
        .filter(({ isArchived }) => values.exclude_archived !== "true" || !isArchived);
      const { items, next } = page(shown, call);
      return { channels: items.map((room) => showRoom(room, holder.userId)), response_metadata: { next_cursor: next } };
    },
  },
  "conversations.open": {
    takes: "users*",
    scope: () => ["im:write"],
    run({ folder, holder, values }) {
      const found = members.find(({ id }) => id === values.users);
      if (!found) throw new Refusal("user_not_found");
      if (found.isGone) throw new Refusal("user_disabled");
      if (found.id === bot.userId) throw new Refusal("cannot_dm_bot");
      return { channel: { id: openDirect(folder, holder.userId, found.id).id } };
    },
  },
  "conversations.history": {
    takes: "channel* limit cursor",
    scope: historyScope,
    run(call) {
      const room = roomFor(call);
      if (call.holder.isBot && !room.members.includes(call.holder.userId)) throw new Refusal("not_in_channel");
      const own = postsIn(call.folder, room.id).filter(({ ts, threadTs }) => threadTs === undefined || threadTs === ts);
      const { items, next } = page(own.reverse(), call);
      return {
        messages: items.map((post) => showPost(call.folder, post)),
        has_more: next !== "",
        pin_count: 0,
        ...(next === "" ? {} : { response_metadata: { next_cursor: next } }),
      };
    },
  },
  "conversations.replies": {
    takes: "channel* ts* limit cursor",
    scope: historyScope,
    run(call) {
      const room = roomFor(call);
      const thread = postsIn(call.folder, room.id).filter(({ ts, threadTs }) =>
        [ts, threadTs].includes(call.values.ts),
      );
      if (!thread.some(({ ts }) => ts === call.values.ts)) throw new Refusal("thread_not_found");
      const { items, next } = page(thread, call);
      return {
        messages: items.map((post) => showPost(call.folder, post)),
        has_more: next !== "",
        ...(next === "" ? {} : { response_metadata: { next_cursor: next } }),
      };
    },
  },
  "chat.postMessage": {
    takes: "channel* text* thread_ts",
    scope: () => ["chat:write"],
    run(call) {
      const { folder, holder, values, now } = call;
      const room = roomFor(call);
      if (room.isArchived) throw new Refusal("is_archived");
      if (!room.members.includes(holder.userId)) throw new Refusal("not_in_channel");
      const text = values.text ?? "";
      if (text.length > 40_000) throw new Refusal("msg_too_long");
      const isThere = postsIn(folder, room.id).some(({ ts }) => ts === values.thread_ts);
      if (values.thread_ts && !isThere) throw new Refusal("thread_not_found");
      const thread = values.thread_ts ? { threadTs: values.thread_ts } : {};
      const post = addPost(folder, { channel: room.id, user: holder.userId, text, ...thread }, now);
      return { channel: room.id, ts: post.ts, message: { ...showPost(folder, post), team: team.id, app_id: appId } };
    },
  },
  "chat.getPermalink": {
    takes: "channel* message_ts*",
    run(call) {
      const room = roomFor(call);
      const post = postsIn(call.folder, room.id).find(({ ts }) => ts === call.values.message_ts);
      if (!post) throw new Refusal("message_not_found");
      return { channel: room.id, permalink: permalinkOf(post) };
    },
  },
  "search.messages": {
    takes: "query* count page sort",
    personOnly: true,
    scope: () => ["search:read"],
    run: (call) => search(call),
  },
};

function search({ folder, holder, values }: MethodCall): Record<string, unknown> {
  const words = (values.query ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const [count, number] = [Number(values.count ?? 20), Number(values.page ?? 1)];
  const fits = (post: Post): boolean => words.every((word) => post.text.toLowerCase().includes(word));
  const found = roomsOf(holder.userId)
    .flatMap((room) =>
      postsIn(folder, room.id)
        .filter(fits)
        .map((post) => ({ room, post })),
    )
    .sort((a, b) => b.post.ts.localeCompare(a.post.ts));
  const pages = Math.max(1, Math.ceil(found.length / count));
  const matches = found.slice((number - 1) * count, number * count).map(({ room, post }) => ({
    iid: `${room.id}-${post.ts}`,
    team: team.id,
    channel: { id: room.id, name: room.name, is_private: room.isPrivate },
    type: "message",
    user: post.user,
    username: members.find(({ id }) => id === post.user)?.name ?? "",
    ts: post.ts,
    text: post.text,
    permalink: permalinkOf(post),
  }));
  return {
    query: values.query,
    messages: { total: found.length, paging: { count, total: found.length, page: number, pages }, matches },
  };
}
