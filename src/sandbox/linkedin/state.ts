import { join } from "node:path";
import { hashSecret, randomText } from "../../core/secret.ts";
import { list, makeFolder, move, read, write } from "../google/state.ts";

export const clientId = "86sandboxlinkedin";
export const clientSecret = "sandbox-linkedin-client-secret";
export const tokenLifeS = 5_184_000;
const codeLifeMs = 30 * 60_000;

export interface Member {
  sub: string;
  given: string;
  family: string;
  email: string;
}

export const members: readonly Member[] = [
  { sub: "adaL0vel4c", given: "Ada", family: "Lovelace", email: "ada.lovelace@example.com" },
  { sub: "gr4ceH0pp3", given: "Grace", family: "Hopper", email: "grace.hopper@example.com" },
];

interface Grant {
  sub: string;
  scopes: readonly string[];
  at: string;
}

export interface Post {
  id: string;
  author: string;
  commentary: string;
  visibility: string;
  article?: { source: string; title: string };
  at: string;
}

const place = (folder: string, kind: string, secret: string): string =>
  join(folder, "linkedin", kind, `${hashSecret(secret)}.json`);

function keep(folder: string, kind: string, secret: string, content: object): void {
  makeFolder(join(folder, "linkedin", kind));
  write(place(folder, kind, secret), content);
}

/** Makes a token for 60 days. */
export function issueToken(folder: string, grant: Grant): string {
  const token = `AQX${randomText(200, "base64url")}`;
  keep(folder, "tokens", token, grant);
  return token;
}

/** A token as it stands: LinkedIn tells expired and revoked ones apart from those that never were. */
export function findToken(
  folder: string,
  token: string,
  now: Date,
): (Grant & { end: Date }) | "expired" | "revoked" | undefined {
  const found = read<Grant & { revoked?: true }>(place(folder, "tokens", token));
  if (!found) return undefined;
  if (found.revoked) return "revoked";
  const end = new Date(Date.parse(found.at) + tokenLifeS * 1000);
  return end <= now ? "expired" : { ...found, end };
}

/** A member takes access away: every token of theirs dies. */
export function revokeAll(folder: string, sub: string): void {
  const parent = join(folder, "linkedin", "tokens");
  for (const name of list(parent)) {
    const found = read<Grant>(join(parent, name));
    if (found?.sub === sub) write(join(parent, name), { ...found, revoked: true });
  }
}

export function issueCode(folder: string, code: Grant & { redirectUri: string }): string {
  const text = `AQT${randomText(60, "base64url")}`;
  keep(folder, "codes", text, code);
  makeFolder(join(folder, "linkedin", "used"));
  return text;
}

/** Takes a code, which works once and for half an hour. */
export function redeem(folder: string, text: string, now: Date): (Grant & { redirectUri: string }) | undefined {
  const used = place(folder, "used", text);
  if (!move(place(folder, "codes", text), used)) return undefined;
  const code = read<Grant & { redirectUri: string }>(used);
  return code && now.getTime() < Date.parse(code.at) + codeLifeMs ? code : undefined;
}

const postsFolder = (folder: string): string => join(folder, "linkedin", "posts");

export function addPost(folder: string, post: Post): void {
  makeFolder(postsFolder(folder));
  write(join(postsFolder(folder), `${post.id.replaceAll(":", "-")}.json`), post);
}

export const listPosts = (folder: string): Post[] =>
  list(postsFolder(folder))
    .flatMap((name) => read<Post>(join(postsFolder(folder), name)) ?? [])
    .sort((a, b) => b.at.localeCompare(a.at));
