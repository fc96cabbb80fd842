import type { DemoStep } from "./demo-step.ts";

const slack = ["--sandbox", "run", "slack_personal"];
const lunch = [...slack, "send", "--to", "#general", "--text", "Lunch is at one <!channel>"];
const whatsapp = ["--sandbox", "run", "whatsapp_personal"];
const toAda = [...whatsapp, "send", "--to", "+447700900101"];
const ada = "447700900101";
const post = ["--sandbox", "run", "linkedin_personal", "post", "--text", "We are hiring #engineers"];

const slackSteps: readonly DemoStep[] = [
  {
    about:
      "A message to a channel is read back first (exit 4). What looks like a call to everybody is meant literally.",
    words: lunch,
    exit: 4,
    expect: [
      "Voice confirmation required for: action, to, text",
      "Send “Lunch is at one <!channel>” to #general on Slack?",
    ],
  },
  { about: "With a yes it is sent ...", words: [...lunch, "--yes"], expect: ["✓ Sent to C0GENERAL1"] },
  {
    about: "... and read, with names for the ids of people.",
    words: [...slack, "read", "--channel", "#general"],
    expect: ["Lunch is at one <!channel>", "Well done. @Alan Turing"],
  },
];

const whatsappSteps: readonly DemoStep[] = [
  {
    about:
      "WhatsApp takes free text within 24 hours of a person's last message. Ada has not written, so it is not even tried.",
    words: [...toAda, "--text", "Hello Ada", "--yes"],
    exit: 6,
    expect: ["This person has not written yet", "--template <name>"],
  },
  {
    about: "An approved template goes at any time.",
    words: [...toAda, "--template", "hello_world", "--yes"],
    expect: ["✓ WhatsApp took the message to +447700900101"],
  },
  {
    about: "",
    words: ["--sandbox", "daemon", "status", "--select", "data.url"],
    keep: { name: "URL" },
    expect: ["http://127.0.0.1:"],
  },
  {
    about: "The daemon's log names the stand-ins' address. Their telephones are there, and the place for the webhook.",
    words: ["--sandbox", "daemon", "logs"],
    keep: { name: "STANDINS", find: /stand-ins answer url=(\S+)/g },
    expect: ["stand-ins answer"],
  },
  {
    about: "The webhook's address is entered, as at Meta's console, and proves itself by the verify token.",
    words: [],
    page: { shown: "enter the webhook", path: "/whatsapp/phone", fields: { webhook: "$URL/webhooks/whatsapp" } },
    expect: ["Messages go to", "/webhooks/whatsapp"],
  },
  {
    about: "Ada writes. What she says comes by webhook, signed.",
    words: [],
    page: {
      shown: "write as Ada: Lunch at noon?",
      path: "/whatsapp/phone",
      fields: { person: ada, text: "Lunch at noon?" },
    },
    expect: ["Lunch at noon?", "answered 200"],
  },
  {
    about: "The conversation: the template was read, and Ada has answered.",
    words: [...whatsapp, "read", "--with", "+447700900101"],
    expect: ["Ada Lovelace", "Lunch at noon?", "read", "Free text may be sent until"],
  },
  {
    about: "So now free text may be sent, ...",
    words: [...toAda, "--text", "Gladly", "--yes"],
    expect: ["✓ WhatsApp took"],
  },
  {
    about: "... and what became of it is told by webhook, too.",
    words: [...whatsapp, "read", "--limit", "1"],
    expect: ["delivered", "Gladly"],
  },
];

const linkedinSteps: readonly DemoStep[] = [
  {
    about: "Ada makes a token at LinkedIn's token generator, where the daemon cannot be reached for a login ...",
    words: [],
    page: {
      shown: "request an access token as Ada",
      path: "/linkedin-pages/developers/tools/oauth/token-generator",
      fields: { account: "adaL0vel4c", scope: ["openid", "profile", "email", "w_member_social"] },
    },
    keep: { name: "BADGE", find: /id="token">([^<]+)</g },
    expect: ["good for 60 days"],
  },
  {
    about: "... and gives it by stdin. LinkedIn is asked whose it is.",
    words: ["--sandbox", "login", "linkedin", "--token"],
    stdin: "$BADGE",
    expect: ["Linked linkedin as ada.lovelace@example.com"],
  },
  {
    about: "Who is she there?",
    words: ["--sandbox", "run", "linkedin_personal", "profile"],
    expect: ["Ada Lovelace", "ada.lovelace@example.com"],
  },
  {
    about: "A post is read back first, with who will see it (exit 4) ...",
    words: post,
    exit: 4,
    expect: ["Post “We are hiring #engineers” on LinkedIn for everyone?"],
  },
  {
    about: "... and published with a yes.",
    words: [...post, "--yes"],
    expect: ["✓ Posted for everyone", "https://www.linkedin.com/feed/update/urn:li:share:"],
  },
  {
    about: "The same again is no second post.",
    words: [...post, "--yes"],
    exit: 6,
    expect: ["You have posted exactly this already"],
  },
  {
    about: "Her login lasts 60 days, and they are counted.",
    words: ["--sandbox", "doctor"],
    expect: ["linkedin; ends in 60 days"],
  },
];

/** Slack, WhatsApp and LinkedIn. They want the daemon to run, for the webhook. */
export const messagingSteps: readonly DemoStep[] = [...slackSteps, ...whatsappSteps, ...linkedinSteps];
