import { expect, setDefaultTimeout, test } from "bun:test";
import { loadWebhooks } from "./webhooks.ts";

setDefaultTimeout(120_000);

test("two thousand webhooks, with duplicates, late statuses and a kill -9 among them: none lost, none doubled", async () => {
  const { ok, text } = await loadWebhooks("short");
  expect(text).toContain("none lost, none doubled");
  expect(ok).toBe(true);
});
