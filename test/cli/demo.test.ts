import { expect, setDefaultTimeout, test } from "bun:test";
import { run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";

setDefaultTimeout(120_000);

test("every step of the tour does what it should: among them a login, a letter with its yes, the agenda", async () => {
  using home = createHome();
  const { exit, out, err } = await run(["demo"], { home: home.path });
  const told = out + err;
  expect(told.split("\n").filter((line) => line.includes("expected exit"))).toEqual([]);
  expect(told).toMatch(/All \d+ steps did what they should/);
  for (const words of ["login google", "email_personal send", "calendar_personal get_events", "Sent. Message"]) {
    expect(told).toContain(words);
  }
  expect(exit).toBe(0);
});
