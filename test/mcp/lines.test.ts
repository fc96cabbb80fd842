import { expect, test } from "bun:test";
import fc from "fast-check";
import { linesOf } from "../../src/mcp/lines.ts";

async function read(chunks: (Uint8Array | string)[]): Promise<string[]> {
  const lines: string[] = [];
  for await (const line of linesOf(
    (async function* () {
      yield* chunks;
    })(),
  ))
    lines.push(line);
  return lines;
}

test("a message arrives whole, whatever signs it holds and however it is cut", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.string({ unit: fc.oneof(fc.constantFrom("\u2028", "\u2029", "\u0085", "\r", "漢", "😀"), fc.string()) }),
      ),
      fc.array(fc.nat(40), { maxLength: 10 }),
      async (texts, cuts) => {
        const sent = texts.map((text) => JSON.stringify({ text }));
        const bytes = new TextEncoder().encode(sent.map((line) => `${line}\n`).join(""));
        const chunks: Uint8Array[] = [];
        let at = 0;
        for (const cut of cuts) {
          chunks.push(bytes.slice(at, at + cut));
          at += cut;
        }
        expect(await read([...chunks, bytes.slice(at)])).toEqual(sent);
      },
    ),
    { numRuns: 100 },
  );
});

test("what ends without a line feed is a line too, and nothing is none", async () => {
  expect(await read(["a\nb", "c"])).toEqual(["a", "bc"]);
  expect(await read([])).toEqual([]);
  expect(await read(["\n\n"])).toEqual(["", ""]);
});
