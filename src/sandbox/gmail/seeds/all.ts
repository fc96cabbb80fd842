import { hashSecret } from "../../../core/secret.ts";
import type { Kept } from "../mailbox.ts";
import { buildMail } from "./build.ts";
import { conversations } from "./conversations.ts";
import { notices } from "./notices.ts";
import { oddities } from "./oddities.ts";
import type { Seed } from "./seed.ts";

const seeds: readonly Seed[] = [...conversations, ...notices, ...oddities];
const messageId = (key: string): string => `<${key}@seeds.example.org>`;

/** The mails of a person at their first look, as long ago as they are told to be. */
export const seedsOf = (email: string, now: Date): Kept[] =>
  seeds.filter((seed) => isSender(seed, email) || isReceiver(seed, email)).map((seed) => kept(seed, email, now));

function kept(seed: Seed, email: string, now: Date): Kept {
  const at = timeOf(seed, now);
  const earlier = earlierOf(seed);
  const first = [...earlier, seed.key]
    .map((key) => seeds.find((each) => each.key === key))
    .find((each) => each !== undefined && (isSender(each, email) || isReceiver(each, email)));
  return {
    id: idOf(seed, email, now),
    threadId: idOf(first ?? seed, email, now),
    labelIds: isSender(seed, email) ? ["SENT"] : labelsOf(seed),
    internalDate: at.getTime(),
    raw: Buffer.from(buildMail(seed, at, messageId, earlier), "latin1").toString("base64"),
  };
}

const isSender = ({ from }: Seed, email: string): boolean => from.includes(`<${email}>`);
const isReceiver = ({ to, cc = "" }: Seed, email: string): boolean => `${to},${cc}`.includes(`<${email}>`);

const labelsOf = ({ place, labels = [], unread }: Seed): string[] => [
  ...(unread ? ["UNREAD"] : []),
  ...labels,
  place ?? "INBOX",
];

/** Keys of the conversation before a seed, oldest first. */
function earlierOf({ answers }: Seed): string[] {
  const before = seeds.find(({ key }) => key === answers);
  return before ? [...earlierOf(before), before.key] : [];
}

const timeOf = ({ ago }: Seed, now: Date): Date =>
  new Date(Math.floor((now.getTime() - ago * 3_600_000) / 1000) * 1000);

function idOf(seed: Seed, email: string, now: Date): string {
  const low = BigInt(`0x${hashSecret(`${seed.key}\n${email}`).slice(0, 5)}`);
  return ((BigInt(timeOf(seed, now).getTime()) << 20n) | low).toString(16);
}
