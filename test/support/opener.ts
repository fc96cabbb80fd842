import { takeLock } from "../../src/lock.ts";
import { openDatabase } from "../../src/store/database.ts";

/** Run as a process of its own: opens a database and adds a row, or takes a lock and holds it until killed. */
const [first = "", second = ""] = process.argv.slice(2);
if (first === "--lock") {
  const lock = takeLock(second);
  process.stdout.write(lock ? "held\n" : "taken\n");
  setInterval(() => lock, 1_000);
} else {
  const db = openDatabase(first);
  db.durable.run("INSERT INTO users (id, role, created_at) VALUES (?, 'member', '')", `user-${process.pid}`);
  db.close();
}
