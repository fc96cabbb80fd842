import { beforeAll, expect, test } from "bun:test";
import { type Asked, eras, spawnAgent, textsOf } from "../support/agent.ts";
import { binary } from "../support/binary.ts";
import { consentAt } from "../support/google.ts";
import { createHome } from "../support/home.ts";

let program: string;
beforeAll(async () => {
  program = await binary();
}, 60_000);

/** What a person does with a link that their program shows. */
async function follow({ url = "" }: Asked) {
  const sent = await fetch(url, { redirect: "manual" });
  expect((await fetch(await consentAt(sent.headers.get("location") ?? ""))).status).toBe(200);
  return { action: "accept" as const };
}

test.each(eras)(
  "by pipes too a call that needs a login shows a link of this computer, and goes on after it: %s",
  async (era) => {
    using home = createHome();
    const env = { PATH: process.env.PATH ?? "", HOME: home.path, MCQUEEN_HOME: home.path, VAULT_KEY: "file" };
    await using agent = await spawnAgent([program, "--sandbox", "mcp"], env, { era, elicit: follow });
    const call = { name: "email_personal_list_labels", arguments: {} };
    const result = await agent.client.callTool(call);
    expect(textsOf(result)[0]).toContain("INBOX");
    expect(agent.asked).toEqual([
      expect.objectContaining({
        mode: "url",
        url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/connect\/gmail\?ticket=[\w-]{43}$/),
      }),
    ]);
    expect(textsOf(await agent.client.callTool(call))[0]).toContain("INBOX");
    expect(agent.asked).toHaveLength(1);
  },
  60_000,
);
