import { existingProofs, proveByTest } from "./proofs.ts";
import type { Figure, Scale } from "./row.ts";
import { rows } from "./rows.ts";

/** `bun run faults [--long] [id…]`: breaks everything that the promises name, and prints what came of it. */
const words = process.argv.slice(2);
const scale: Scale = words.includes("--long") ? "long" : "short";
const wanted = words.filter((word) => !word.startsWith("--"));
const chosen = <T extends { id: string }>(all: readonly T[]): T[] =>
  all.filter(({ id }) => wanted.length === 0 || wanted.includes(id));
const say = (text: string): boolean => process.stdout.write(`${text}\n`);

const results: { id: string; promise: string; state: string; text: string; seconds: number }[] = [];
async function report(id: string, promise: string, prove: () => Promise<Figure>): Promise<void> {
  const began = performance.now();
  let figure: Figure;
  try {
    figure = await prove();
  } catch (error) {
    figure = { ok: false, text: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  const seconds = (performance.now() - began) / 1000;
  results.push({ id, promise, state: figure.ok ? "holds" : "BROKEN", text: figure.text, seconds });
  say(`${figure.ok ? "✓" : "✗"} ${id}: ${figure.text} (${seconds.toFixed(1)} s)`);
}

const known = new Set([...rows, ...existingProofs].map(({ id }) => id));
for (const word of wanted.filter((each) => !known.has(each))) {
  process.stderr.write(`${word} is none of: ${[...known].join(", ")}\n`);
  process.exit(2);
}
for (const row of chosen(rows)) {
  const missing = row.missing?.();
  if (missing === undefined) await report(row.id, row.promise, () => row.run(scale));
  else {
    results.push({ id: row.id, promise: row.promise, state: "left out", text: missing, seconds: 0 });
    say(`- ${row.id}: left out, ${missing}`);
  }
}
for (const proof of chosen(existingProofs)) await report(proof.id, proof.promise, () => proveByTest(proof));

const width = Math.max(...results.map(({ id }) => id.length));
say(`\n${scale} form, ${new Date().toISOString().slice(0, 10)}`);
for (const { id, promise, state } of results) say(`${id.padEnd(width)}  ${state.padEnd(8)}  ${promise}`);
const count = (state: string): number => results.filter((result) => result.state === state).length;
say(`\n${count("holds")} hold, ${count("BROKEN")} broken, ${count("left out")} left out`);
process.exitCode = count("BROKEN") > 0 ? 1 : 0;
