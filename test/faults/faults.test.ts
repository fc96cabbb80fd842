import { beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { binary } from "../support/binary.ts";
import { rows } from "./rows.ts";

setDefaultTimeout(180_000);
beforeAll(async () => void (await binary()));

for (const row of rows) {
  const missing = row.missing?.();
  test.skipIf(missing !== undefined)(
    `${row.promise}${missing === undefined ? "" : ` (left out: ${missing})`}`,
    async () => {
      const { ok, text } = await row.run("short");
      expect({ ok, text }).toEqual({ ok: true, text });
    },
  );
}
