import { postsIn } from "./posts.ts";
import { appId, bot, type Member, type Post, type Room, team } from "./workspace.ts";

const founded = 1_760_000_000;

export const showMember = (member: Member, withEmail: boolean) => ({
  id: member.id,
  team_id: team.id,
  name: member.name,
  deleted: member.isGone === true,
  real_name: member.realName,
  tz: "Europe/London",
  profile: {
    real_name: member.realName,
    display_name: member.displayName,
    ...(withEmail && member.email ? { email: member.email } : {}),
    team: team.id,
  },
  is_bot: member.isBot === true,
  is_app_user: false,
  updated: founded,
});

export const showRoom = (room: Room, viewer: string) => ({
  id: room.id,
  name: room.name,
  is_channel: true,
  is_group: false,
  is_im: false,
  is_mpim: false,
  is_private: room.isPrivate,
  created: founded,
  is_archived: room.isArchived === true,
  is_general: room.name === "general",
  unlinked: 0,
  name_normalized: room.name,
  is_shared: false,
  is_org_shared: false,
  is_pending_ext_shared: false,
  pending_shared: [],
  parent_conversation: null,
  creator: room.members[0] ?? "",
  is_ext_shared: false,
  shared_team_ids: [team.id],
  pending_connected_team_ids: [],
  is_member: room.members.includes(viewer),
  topic: { value: room.topic, creator: "", last_set: 0 },
  purpose: { value: room.purpose, creator: "", last_set: 0 },
  previous_names: room.name === "general" ? ["the-office"] : [],
  num_members: room.members.length,
});

/** A message; the first of a thread tells how many answers it has. */
export function showPost(folder: string, post: Post) {
  const answers = postsIn(folder, post.channel).filter(({ ts, threadTs }) => threadTs === post.ts && ts !== post.ts);
  const last = answers.at(-1);
  return {
    type: "message",
    user: post.user,
    text: post.text,
    ts: post.ts,
    ...(post.user === bot.userId ? { bot_id: bot.botId, app_id: appId } : {}),
    ...(post.threadTs ? { thread_ts: post.threadTs, parent_user_id: parentOf(folder, post) } : {}),
    ...(last ? { thread_ts: post.ts, reply_count: answers.length, latest_reply: last.ts } : {}),
  };
}

const parentOf = (folder: string, { channel, threadTs }: Post): string =>
  postsIn(folder, channel).find(({ ts }) => ts === threadTs)?.user ?? "";

export const permalinkOf = ({ channel, ts, threadTs }: Post): string =>
  `https://${team.domain}.slack.com/archives/${channel}/p${ts.replace(".", "")}${threadTs ? `?thread_ts=${threadTs}&cid=${channel}` : ""}`;
