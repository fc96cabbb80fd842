/** Somebody of the invented workspace. */
export interface Member {
  id: string;
  name: string;
  realName: string;
  displayName: string;
  email?: string;
  isBot?: true;
  isGone?: true;
}

export const team = { id: "T0ENGINES1", name: "Analytical Engines", domain: "analytical-engines" };
export const appId = "A0MCQUEEN1";
export const bot = { userId: "U0MCQUEEN1", botId: "B0MCQUEEN1" };

export const members: readonly Member[] = [
  { id: "U0ADALOVE1", name: "ada", realName: "Ada Lovelace", displayName: "Ada", email: "ada.lovelace@example.com" },
  {
    id: "U0GRACEHO1",
    name: "grace",
    realName: "Grace Hopper",
    displayName: "Grace",
    email: "grace.hopper@example.com",
  },
  { id: "U0ALANTUR1", name: "alan", realName: "Alan Turing", displayName: "", email: "alan.turing@example.com" },
  { id: "U0SAMONE01", name: "sam.one", realName: "Sam One", displayName: "Sam", email: "sam.one@example.com" },
  { id: "U0SAMTWO01", name: "sam.two", realName: "Sam Two", displayName: "Sam", email: "sam.two@example.com" },
  { id: "U0CHARLES1", name: "charles", realName: "Charles Babbage", displayName: "Charles", isGone: true },
  { id: bot.userId, name: "mcqueen", realName: "mcqueen", displayName: "", isBot: true },
];

/** A channel of the workspace, and who is in it. */
export interface Room {
  id: string;
  name: string;
  topic: string;
  purpose: string;
  isPrivate: boolean;
  isArchived?: true;
  members: readonly string[];
}

const everyone = members.filter(({ isGone }) => !isGone).map(({ id }) => id);

export const rooms: readonly Room[] = [
  {
    id: "C0GENERAL1",
    name: "general",
    topic: "Company-wide news",
    purpose: "Announcements and talk that concern everyone.",
    isPrivate: false,
    members: everyone,
  },
  {
    id: "C0ENGINE01",
    name: "engine-room",
    topic: "Cogs & cards",
    purpose: "Where the machine is built.",
    isPrivate: false,
    members: ["U0ADALOVE1", "U0GRACEHO1", bot.userId],
  },
  {
    id: "C0RANDOM01",
    name: "random",
    topic: "",
    purpose: "Tea, biscuits, weather.",
    isPrivate: false,
    members: ["U0GRACEHO1", "U0ALANTUR1"],
  },
  {
    id: "C0BOARD001",
    name: "board",
    topic: "",
    purpose: "For the board only.",
    isPrivate: true,
    members: ["U0ADALOVE1", "U0ALANTUR1"],
  },
  {
    id: "C0OLDPLAN1",
    name: "old-plans",
    topic: "",
    purpose: "The Difference Engine.",
    isPrivate: false,
    isArchived: true,
    members: ["U0ADALOVE1"],
  },
];

/** A message as it is kept. */
export interface Post {
  channel: string;
  ts: string;
  user: string;
  text: string;
  threadTs?: string;
}

export const firstPosts: readonly Post[] = [
  {
    channel: "C0GENERAL1",
    ts: "1763970300.000100",
    user: "U0GRACEHO1",
    text: "Good morning! The build is green again :tada:",
  },
  {
    channel: "C0GENERAL1",
    ts: "1763970660.000200",
    user: "U0ADALOVE1",
    text: "Well done. <@U0ALANTUR1>, please look at <https://example.com/reports/7|report 7> before lunch &amp; tell <#C0ENGINE01|engine-room>",
  },
  {
    channel: "C0GENERAL1",
    ts: "1763973000.000300",
    user: "U0ALANTUR1",
    text: "Read it. 3 &lt; 5, so it holds.",
    threadTs: "1763970660.000200",
  },
  {
    channel: "C0GENERAL1",
    ts: "1763973300.000400",
    user: "U0ADALOVE1",
    text: "Thank you!",
    threadTs: "1763970660.000200",
  },
  { channel: "C0GENERAL1", ts: "1763980200.000500", user: "U0SAMONE01", text: "<!here> cake in the kitchen" },
  {
    channel: "C0ENGINE01",
    ts: "1763976000.000100",
    user: "U0ADALOVE1",
    text: "Card 12 of the Bernoulli program had a slip; fixed.",
  },
  { channel: "C0BOARD001", ts: "1763977000.000100", user: "U0ALANTUR1", text: "The numbers for the quarter are in." },
];
