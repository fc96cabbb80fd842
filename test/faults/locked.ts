import { Database } from "bun:sqlite";
import { createHome } from "../support/home.ts";
import { createVerdict, type FaultRow, quantile } from "./row.ts";
import { databaseOf, serve } from "./served.ts";

/** Another process, here this one, holds the database's write lock. */
export const locked: FaultRow = {
  id: "locked",
  promise: "a database that another process locked: at most 250 ms of waiting, then 503 with Retry-After; reads go on",
  async run(scale) {
    const tries = scale === "long" ? 200 : 20;
    using home = createHome();
    const { expect, figure } = createVerdict();
    const daemon = await serve(home.path);
    expect((await daemon.send("POST", "/api/v1/users", { id: "before" })).status === 200, "a write before it failed");
    const waits: number[] = [];
    const reads: number[] = [];
    {
      using other = new Database(databaseOf(home.path), { readwrite: true, create: false });
      other.run("BEGIN IMMEDIATE");
      other.run("INSERT INTO used_logins (key, expires_at) VALUES ('x', '2026')");
      for (let n = 0; n < tries; n++) {
        const { status, headers, ms } = await daemon.send("POST", "/api/v1/users", { id: `during-${n}` });
        waits.push(ms);
        expect(status === 503 && Number(headers.get("retry-after")) >= 1, `a write was answered ${status}`);
        const read = await daemon.send("GET", "/api/v1/users");
        reads.push(read.ms);
        expect(read.status === 200, `a read was answered ${read.status}`);
      }
      other.run("ROLLBACK");
    }
    const after = await daemon.send("POST", "/api/v1/users", { id: "after" });
    const listed = await daemon.send("GET", "/api/v1/users");
    await daemon.stop();
    expect(after.status === 200, `a write after it was answered ${after.status}`);
    expect(!JSON.stringify(listed.json).includes("during-"), "a refused write is there all the same");
    const slowest = Math.max(...waits);
    // 250 ms of ours, and what a busy machine adds.
    expect(slowest < 1_500, `a write waited ${slowest.toFixed(0)} ms`);
    return figure(
      `${tries} writes answered 503 with Retry-After after ${slowest.toFixed(0)} ms (most) and ${quantile(waits, 0.5).toFixed(0)} ms (median); reads meanwhile ${quantile(reads, 0.5).toFixed(0)} ms`,
    );
  },
};
