import { expect, setDefaultTimeout, test } from "bun:test";
import { run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";

setDefaultTimeout(120_000);

test("every step of the tour does what it should: logins, letters, messages, a webhook and a post among them", async () => {
  using home = createHome();
  const { exit, out, err } = await run(["demo"], { home: home.path });
  const all = out + err;
  expect(all.split("\n").filter((line) => line.includes("expected exit"))).toEqual([]);
  expect(all).toMatch(/All \d+ steps did what they should/);
  const told = [
    "login google",
    "email_personal send",
    "calendar_personal get_events",
    "Sent. Message",
    "✓ Sent to C0GENERAL1",
    "This person has not written yet",
    "Ada Lovelace  +447700900101\n      Lunch at noon?",
    "you to +447700900101  delivered\n      Gladly",
    "✓ Posted for everyone",
  ];
  for (const words of told) {
    expect(all).toContain(words);
  }
  // Tokens pass from step to step, and are shown at none but the one that asks for the daemon's.
  expect(all).not.toContain("AQX");
  expect(exit).toBe(0);
});
