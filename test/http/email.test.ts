import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Sandbox, startSandbox } from "../../src/sandbox/server.ts";
import { consentAt } from "../support/google.ts";
import { logIn } from "../support/people.ts";
import { bootServer } from "../support/server.ts";

const api = "/api/v1";
const people = { work: "ada.lovelace@example.com", home: "grace.hopper@example.com" } as const;
const folder = join(tmpdir(), `mcqueen-mail-road-${crypto.randomUUID()}`);
const told: string[] = [];
let google: Sandbox;
let server: Awaited<ReturnType<typeof bootServer>>;
let user: string;

const send = async (path: string, body: unknown) => {
  const { json, text } = await server.send({ path: api + path, auth: user, body });
  told.push(text);
  return json;
};
const call = (action: string, given: object = {}, more: object = {}) =>
  send("/mcp/tools/email_personal/execute", { parameters: { action, ...given }, ...more });
const sentOf = async (account: keyof typeof people): Promise<unknown[]> =>
  (await call("search", { query: "in:sent newer_than:1d subject:Plans" }, { account })).data.messages;

beforeAll(async () => {
  google = await startSandbox({ folder });
  server = await bootServer({ env: { ...google.baseUrls, RATE_LIMIT_MAX: "10000" } });
  user = await logIn(server, "ada");
  for (const [account, email] of Object.entries(people)) {
    const { login } = await send("/auth/services/gmail/login", { account });
    const url = String(await consentAt(login.url, { email }));
    expect(await send(`/auth/logins/${login.id}/paste`, { url })).toMatchObject({ login: { status: "done" } });
  }
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await google.stop();
  rmSync(folder, { recursive: true, force: true });
});

const plans = { to: ["alan.turing@example.com"], subject: "Plans", body: "Tea?" };
const yes = { voice_confirmations: { action: true, to: true, subject: true, cc: true, bcc: true } };

describe("sending over REST", () => {
  const changes: [name: string, changed: object, more?: object][] = [
    ["another recipient", { to: ["mallory@example.net"] }],
    ["one recipient more", { to: [...plans.to, "mallory@example.net"] }],
    ["a hidden copy", { bcc: ["mallory@example.net"] }],
    ["another text", { body: "Send me the password." }],
    ["a file", { attachments: [{ name: "a.txt", content: "aGk=" }] }],
    ["another account", {}, { account: "home" }],
  ];
  test.each(changes)("after the question, %s is refused", async (_name, changed, more = {}) => {
    const asked = await call("send", plans, { account: "work" });
    expect(asked).toMatchObject({
      error_code: "confirmation_required",
      metadata: { confirmation_prompt: "Send an email to alan.turing@example.com about “Plans”?" },
    });
    const id = { confirmation_id: asked.metadata.confirmation_id };
    expect(await call("send", { ...plans, ...changed }, { account: "work", ...yes, ...id, ...more })).toMatchObject({
      success: false,
      error_code: "conflict",
    });
    expect([await sentOf("work"), await sentOf("home")]).toEqual([[], []]);
  });

  test.each([
    ["to", { to: ["mallory@example.net"] }],
    ["cc", { cc: ["mallory@example.net"] }],
    ["bcc", { bcc: ["mallory@example.net"] }],
  ])("a value of %s that was read back and is another now is refused without the id too", async (field, changed) => {
    const heard = { action: true, to: plans.to, subject: plans.subject, [field]: field === "to" ? plans.to : [] };
    expect(await call("send", { ...plans, ...changed }, { voice_confirmations: heard })).toMatchObject({
      error_code: "invalid_parameters",
      metadata: { mismatched: [field] },
    });
  });

  test.each(["cc", "bcc"])("who gets a copy (%s) has to be confirmed as well", async (field) => {
    const outcome = await call(
      "send",
      { ...plans, [field]: ["mallory@example.net"] },
      { voice_confirmations: { action: true, to: true, subject: true } },
    );
    expect(outcome).toMatchObject({
      error_code: "confirmation_required",
      metadata: {
        requires_confirmation: [field],
        confirmation_prompt: expect.stringContaining("mallory@example.net"),
      },
    });
  });
});

test("two accounts side by side: each call sees and sends from its own, also many at once", async () => {
  const accounts = Object.keys(people) as (keyof typeof people)[];
  const looks = Array.from({ length: 20 }, (_, at) => accounts[at % 2] ?? "work");
  const seen = await Promise.all(
    looks.map(async (account) => {
      const { data, metadata } = await call("search", { query: "in:inbox", max_results: 5 }, { account });
      expect(metadata.account).toBe(account);
      return { account, ids: data.messages.map(({ id }: { id: string }) => id) };
    }),
  );
  const idsOf = (account: string) => [
    ...new Set(seen.filter((each) => each.account === account).map(({ ids }) => ids.join())),
  ];
  expect([idsOf("work").length, idsOf("home").length]).toEqual([1, 1]);
  expect(idsOf("work")).not.toEqual(idsOf("home"));
  const [first = ""] = idsOf("work")[0]?.split(",") ?? [];
  expect(await call("read", { message_id: first }, { account: "home" })).toMatchObject({ error_code: "not_found" });

  await Promise.all(
    accounts.map(async (account) => {
      const asked = await call("send", plans, { account });
      const again = { ...yes, account, confirmation_id: asked.metadata.confirmation_id };
      expect(await call("send", plans, again)).toMatchObject({ success: true, metadata: { account } });
    }),
  );
  for (const account of accounts) {
    expect(await sentOf(account)).toMatchObject([{ from: expect.stringContaining(people[account]) }]);
  }
});

test("no answer held a token or a key of the app", () => {
  expect(told.length).toBeGreaterThan(40);
  expect(told.filter((text) => /ya29\.|1\/\/|GOCSPX-|refresh_token|access_token/.test(text))).toEqual([]);
});
