import { emailScope, profileScope } from "./people.ts";

const base = "https://www.googleapis.com/auth/";

/** Scopes that need a tick on the consent page, in its words. */
const ticked: Record<string, string> = {
  [`${base}gmail.readonly`]: "Read your mail and its settings",
  [`${base}gmail.send`]: "Send mail in your name",
  [`${base}gmail.modify`]: "Read, write, label and bin your mail",
  [`${base}gmail.compose`]: "Manage drafts and send mail",
  [`${base}calendar`]: "See, change, share and delete all your calendars",
  [`${base}calendar.readonly`]: "See your calendars and their events",
  [`${base}calendar.events`]: "See and change the events of all your calendars",
  [`${base}calendar.events.readonly`]: "See the events of all your calendars",
  [`${base}calendar.freebusy`]: "See when you are free or busy",
};

/** Scopes of identity, which are granted with the login, and what they are answered as. */
const identity: Record<string, readonly string[]> = {
  openid: ["openid"],
  email: ["openid", emailScope],
  profile: ["openid", profileScope],
  [emailScope]: ["openid", emailScope],
  [profileScope]: ["openid", profileScope],
};

export const isKnown = (scope: string): boolean => Object.hasOwn(ticked, scope) || Object.hasOwn(identity, scope);

export const needsTick = (scope: string): boolean => Object.hasOwn(ticked, scope);

/** What a scope allows, in plain words. */
export const describe = (scope: string): string => ticked[scope] ?? "Know who you are";

/** The scopes as tokens bear them: `email` becomes `openid` and its long form. */
export const asGranted = (scopes: readonly string[]): string[] => [
  ...new Set(scopes.flatMap((scope) => identity[scope] ?? [scope])),
];
