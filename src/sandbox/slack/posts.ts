import { join } from "node:path";
import { hashSecret } from "../../core/secret.ts";
import { list, makeFolder, read, write } from "../google/state.ts";
import { firstPosts, type Post, type Room, rooms } from "./workspace.ts";

const folderOf = (folder: string, channel: string): string => join(folder, "slack", "posts", channel);

/** All messages of a channel, oldest first. One file a message, so that processes do not write over each other. */
export function postsIn(folder: string, channel: string): Post[] {
  const kept = list(folderOf(folder, channel)).flatMap(
    (name) => read<Post>(join(folderOf(folder, channel), name)) ?? [],
  );
  return [...firstPosts.filter((post) => post.channel === channel), ...kept].sort((a, b) => a.ts.localeCompare(b.ts));
}

/** Keeps a message under the next free time. */
export function addPost(folder: string, post: Omit<Post, "ts">, now: Date): Post {
  const taken = new Set(postsIn(folder, post.channel).map(({ ts }) => ts));
  const second = Math.floor(now.getTime() / 1000);
  let micros = now.getMilliseconds() * 1000 + 1;
  const tsOf = () => `${second}.${String(micros).padStart(6, "0")}`;
  while (taken.has(tsOf())) micros += 1;
  const made = { ...post, ts: tsOf() };
  makeFolder(folderOf(folder, post.channel));
  write(join(folderOf(folder, post.channel), `${made.ts}.json`), made);
  return made;
}

/** The conversation of two, which is there once it was opened. */
export function openDirect(folder: string, one: string, other: string): Room {
  const id = `D0${hashSecret([one, other].sort().join(" ")).slice(0, 8).toUpperCase()}`;
  const room = { id, name: "", topic: "", purpose: "", isPrivate: true, members: [one, other] };
  makeFolder(join(folder, "slack", "directs"));
  write(join(folder, "slack", "directs", `${id}.json`), room);
  return room;
}

export const findRoom = (folder: string, id: string): Room | undefined =>
  rooms.find((room) => room.id === id) ??
  (/^D0[0-9A-F]{8}$/.test(id) ? read<Room>(join(folder, "slack", "directs", `${id}.json`)) : undefined);

/** The conversations that a person sees: public ones, and those that they are in. */
export const roomsOf = (userId: string): Room[] =>
  rooms.filter(({ isPrivate, members }) => !isPrivate || members.includes(userId));
