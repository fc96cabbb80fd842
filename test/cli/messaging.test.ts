import { afterEach, beforeAll, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { createPaint } from "../../cli/paint.ts";
import { slack, whatsapp } from "../../cli/views/conversation.ts";
import { linkedin } from "../../cli/views/linkedin.ts";
import { binary, run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";
import { decideAt } from "../support/messaging.ts";

setDefaultTimeout(30_000);
let home: ReturnType<typeof createHome>;
beforeAll(async () => void (await binary()));
beforeEach(() => {
  home = createHome();
});
afterEach(() => home[Symbol.dispose]());

const at = (words: string[], env: Record<string, string> = {}, stdin?: string) =>
  run(words, { home: home.path, env, ...(stdin === undefined ? {} : { stdin }) });
const paint = createPaint(false);

describe("in the sandbox", () => {
  test("a message goes out and is read back, in the zone of the person", async () => {
    await at(["--sandbox", "profile", "set", "zone=Asia/Tokyo"]);
    const sent = await at(["--sandbox", "run", "slack_personal", "send", "--to", "@@grace", "--text", "Tea?", "--yes"]);
    expect([sent.exit, sent.out]).toEqual([0, expect.stringContaining("✓ Sent to D0")]);
    const read = await at(["--sandbox", "run", "slack_personal", "read", "--channel", "#general"]);
    expect(read.out).toContain("── Mon, 24 Nov 2025 ──\n16:45 Grace\n      Good morning!");
    expect(read.out).toContain("16:51 Ada  2 replies: --thread-ts 1763970660.000200");
    const channels = await at(["--sandbox", "run", "slack_personal", "list_channels"]);
    expect(channels.out).toContain("#general      joined  C0GENERAL1  Company-wide news");
    expect(channels.out).toContain("Note: private channels are missing");
  });

  test("without a yes nothing is sent, and the question is the one to hear", async () => {
    const words = ["--sandbox", "run", "slack_personal", "send", "--to", "#general", "--text", "Tea?", "--json"];
    const { exit, json } = await at(words);
    expect(exit).toBe(4);
    expect(json.metadata).toMatchObject({
      requires_confirmation: ["action", "to", "text"],
      confirmation_prompt: "Send “Tea?” to #general on Slack?",
    });
  });

  test("WhatsApp says before sending that it is too late, and how it goes", async () => {
    const words = ["--sandbox", "run", "whatsapp_personal", "send", "--to", "+447700900101", "--yes"];
    const late = await at([...words, "--text", "Hi"]);
    expect([late.exit, late.err]).toEqual([6, expect.stringContaining("--template <name>")]);
    const sent = await at([...words, "--template", "hello_world"]);
    expect([sent.exit, sent.out]).toEqual([0, expect.stringContaining("✓ WhatsApp took the message to +447700900101")]);
    const { json } = await at(["--sandbox", "run", "whatsapp_personal", "read", "--json"]);
    expect(json.data.messages).toMatchObject([{ kind: "template", direction: "out", status: "accepted" }]);
  });

  test("a login at LinkedIn by pasting, then a post", async () => {
    const child = Bun.spawn([await binary(), "--sandbox", "login", "linkedin", "--manual"], {
      env: { PATH: process.env.PATH ?? "", HOME: home.path, MCQUEEN_HOME: home.path, VAULT_KEY: "file" },
      stdin: "pipe",
      stdout: "pipe",
      stderr: "pipe",
    });
    let told = "";
    const readers = [child.stdout, child.stderr].map(async (stream) => {
      for await (const chunk of stream) {
        told += new TextDecoder().decode(chunk);
        const url = /http:\/\/127\.0\.0\.1:\S+\/oauth\/v2\/authorization\?\S+/.exec(told)?.[0];
        if (!url || !told.includes("Copy the whole address") || told.includes("answered")) continue;
        told += "answered";
        child.stdin.write(`${await decideAt(url, "adaL0vel4c")}\n`);
        child.stdin.end();
      }
    });
    await Promise.all(readers);
    expect([await child.exited, told]).toEqual([
      0,
      expect.stringContaining("SANDBOX Linked linkedin of ada.lovelace@example.com"),
    ]);
    const accounts = await at(["--sandbox", "accounts"]);
    expect(accounts.out).toMatch(/ada\.lovelace@example\.com \*\s+linkedin\s+linkedin\s+ends \d{4}-\d\d-\d\d/);
    const profile = await at(["--sandbox", "run", "linkedin_personal", "profile"]);
    expect(profile.out).toContain("Ada Lovelace\nmail      ada.lovelace@example.com");
    const post = await at(["--sandbox", "run", "linkedin_personal", "post", "--text", "We are hiring", "--yes"]);
    expect(post.out).toMatch(/✓ Posted for everyone\nhttps:\/\/www\.linkedin\.com\/feed\/update\/urn:li:share:\d+\//);
    const doctor = await at(["--sandbox", "doctor", "--json"]);
    expect(doctor.json.findings).toContainEqual(
      expect.objectContaining({
        about: "account ada.lovelace@example.com",
        status: "works",
        detail: expect.stringMatching(/ends in (59|60) days/),
      }),
    );
  });

  test("a token from stdin is linked once the service has confirmed it", async () => {
    const bad = await at(["--sandbox", "login", "slack", "--token"], {}, "xoxb-made-up\n");
    expect([bad.exit, bad.err]).toEqual([2, expect.stringContaining("Slack does not take this token: invalid_auth")]);
    const good = await at(["--sandbox", "login", "slack", "--token"], {}, "xoxb-1000000000001-sandbox-bot-token\n");
    expect([good.exit, good.out]).toEqual([0, "Linked slack as mcqueen@analytical-engines.\n"]);
    const page = await at(["--sandbox", "login", "whatsapp"]);
    expect([page.exit, page.err]).toEqual([
      2,
      expect.stringContaining("Run: mcqueen --sandbox login whatsapp --token"),
    ]);
  });
});

describe("doctor", () => {
  const believed = { WHATSAPP_APP_SECRET: "app-secret-1", WHATSAPP_VERIFY_TOKEN: "verify-token-1" };
  const number = { WHATSAPP_PHONE_NUMBER_ID: "106540352242922" };
  const secrets = { ...believed, ...number, WHATSAPP_API_TOKEN: "api-token-1" };
  const rows: [name: string, env: Record<string, string>, status: string | undefined, says: string][] = [
    ["nothing of WhatsApp", {}, undefined, ""],
    ["no secrets", number, "warns", "WHATSAPP_APP_SECRET, WHATSAPP_VERIFY_TOKEN not set"],
    ["no number", { ...believed, WHATSAPP_API_TOKEN: "api-token-1" }, "warns", ": WHATSAPP_PHONE_NUMBER_ID not set"],
    ["nobody's account", { ...believed, ...number }, "warns", "no account of WhatsApp is linked"],
    ["no address", secrets, "warns", "PUBLIC_URL is not set"],
    [
      "an address on http",
      { ...secrets, PUBLIC_URL: "http://home.example.org" },
      "warns",
      "PUBLIC_URL is http://home.example.org",
    ],
    [
      "all of it",
      { ...secrets, PUBLIC_URL: "https://home.example.org/" },
      "works",
      "https://home.example.org/webhooks/whatsapp",
    ],
  ];
  test.each(rows)("with %s", async (_name, env, status, says) => {
    const { json, out } = await at(["doctor", "--offline", "--json"], env);
    const found = json.findings.find(({ about }: { about: string }) => about === "webhook whatsapp");
    expect([found?.status, found?.detail ?? ""]).toEqual([status, expect.stringContaining(says)]);
    expect(out).not.toContain("app-secret-1");
  });
});

describe("views", () => {
  const zone = { time_zone: "Europe/Berlin" };
  const message = { ts: "1.000000", at: "2026-11-24T23:30:00.000Z", user: "Ada", text: "Hi" };
  const harmful = ["\x1b", "\x07", "\r", "\u202e"];

  test("a conversation has its days in the zone of the person", () => {
    const shown = slack(
      { messages: [message, { ...message, at: "2026-11-25T08:00:00.000Z", text: "a\nb", files: ["x.pdf"] }] },
      zone,
      paint,
    );
    expect(shown).toBe("── Wed, 25 Nov 2026 ──\n00:30 Ada\n      Hi\n09:00 Ada\n      a\n      b\n      [x.pdf]");
  });

  test("of nothing say so, and where there is more", () => {
    expect(slack({ messages: [] }, zone, paint)).toBe("There are no messages.");
    expect(slack({ channels: [] }, zone, paint)).toBe("There are no channels.");
    expect(slack({ messages: [message], next_page: "abc" }, zone, paint)).toEndWith("More: --page abc");
    expect(whatsapp({ messages: [], window_open_until: null }, zone, paint)).toContain("Only a template may be sent");
  });

  test("WhatsApp's tell what became of each message", () => {
    const shown = whatsapp(
      {
        messages: [
          { direction: "in", contact: "+447700900101", name: "Ada", kind: "image", text: "Look", at: message.at },
          {
            direction: "out",
            contact: "+447700900101",
            kind: "text",
            text: "Nice",
            at: message.at,
            status: "failed",
            failure: "too late",
          },
        ],
        window_open_until: "2026-11-25T23:30:00.000Z",
      },
      zone,
      paint,
    );
    expect(shown).toContain(
      "00:30 Ada  +447700900101\n      [image] Look\n00:30 you to +447700900101  failed  too late\n      Nice",
    );
    expect(shown).toContain("Free text may be sent until Thu, 26 Nov 2026 00:30.");
  });

  test("hold nothing that a terminal would act on", () => {
    const evil = "x\x1b[2J\x07\r\u202ey";
    const views = [
      slack(
        { messages: [{ ...message, user: evil, text: evil, files: [evil], permalink: evil }] },
        { incomplete: evil },
        paint,
      ),
      slack({ channels: [{ id: evil, name: evil, topic: evil }] }, {}, paint),
      slack({ channel_id: evil, permalink: evil }, {}, paint),
      whatsapp(
        { messages: [{ direction: "in", contact: evil, name: evil, kind: evil, text: evil, at: message.at }] },
        zone,
        paint,
      ),
      whatsapp({ to: evil, message_id: evil }, zone, paint),
      linkedin({ profile: { id: evil, name: evil, email: evil } }, {}, paint),
      linkedin({ url: evil }, {}, paint),
    ];
    for (const shown of views) for (const sign of harmful) expect(shown).not.toContain(sign);
  });
});
