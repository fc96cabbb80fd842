import { openDatabase } from "../../src/store/database.ts";
import { createPaceStore } from "../../src/store/pace.ts";

/** Run as a process of its own: takes turns on a database and prints when each of them comes. */
const [path = "", turns = "1", everyMs = "1"] = process.argv.slice(2);
const db = openDatabase(path, { lockWaitMs: 5_000 });
const pace = createPaceStore(db.durable, () => new Date());
for (let turn = 0; turn < Number(turns); turn++) {
  const asked = Date.now();
  const { waitMs, taken } = await pace.take("key", Number(everyMs), 60_000);
  process.stdout.write(`${JSON.stringify({ asked, waitMs, taken, answered: Date.now() })}\n`);
}
db.close();
