import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { run } from "../support/binary.ts";
import { createHome } from "../support/home.ts";
import { createVerdict, type FaultRow } from "./row.ts";
import { databaseOf, lostOf, serve } from "./served.ts";

const damages: readonly [name: string, of: (good: Uint8Array) => Uint8Array][] = [
  ["empty", () => new Uint8Array()],
  ["one byte", () => new Uint8Array([0x53])],
  ["a text", () => Buffer.from("no database, but a text of some length. ".repeat(999))],
  ["zeros", (good) => new Uint8Array(good.length)],
  ["without its head", (good) => Uint8Array.from(good).fill(0, 0, 100)],
  ["cut off", (good) => good.slice(0, Math.floor(good.length / 2))],
  ["overwritten in the middle", (good) => Uint8Array.from(good).fill(0x5a, good.length / 4, (3 * good.length) / 4)],
  ["overwritten at its end", (good) => Uint8Array.from(good).fill(0x5a, good.length - 60_000)],
];

/** The file of the database is spoiled in every way, one after another, and mended from a backup each time. */
export const damaged: FaultRow = {
  id: "damaged",
  promise:
    "a corrupt or empty database: no start, the file stays as it is, the backups and the command are named, and it mends",
  async run() {
    using home = createHome();
    const { expect, figure } = createVerdict();
    const database = databaseOf(home.path);
    const at = (...words: string[]) => run(words, { home: home.path });
    for (let n = 0; n < 20; n++) await at("users", "add", `user-${n}`);
    const backup = String((await at("backup", "--json")).json.data.path);
    const good = new Uint8Array(readFileSync(backup));
    for (const [name, spoil] of damages) {
      for (const tail of ["-wal", "-shm"]) rmSync(database + tail, { force: true });
      const bad = spoil(good);
      writeFileSync(database, bad, { mode: 0o600 });
      const start = await at("serve", "--port", "0");
      expect(start.exit === 1, `${name}: a daemon started, or ended with ${start.exit}`);
      expect(start.err.includes(`Run: mcqueen restore ${backup}`), `${name}: it said ${start.err}`);
      expect(Buffer.from(bad).equals(readFileSync(database)), `${name}: the file was changed`);
      const restored = await at("restore", backup, "--yes");
      expect(restored.exit === 0, `${name}: the restore said ${restored.err}`);
      const daemon = await serve(home.path);
      const { lost } = lostOf(database, ["user-0", "user-19"]);
      expect(lost.length === 0, `${name}: ${lost.length} users are not there`);
      await daemon.stop();
    }
    return figure(`${damages.length} kinds of damage refused, left as they were, and mended by the named command`);
  },
};
