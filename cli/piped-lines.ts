import { createInterface } from "node:readline";

/** Lines from a stdin that is no terminal, as they come. */
export function createLineReader(): { next(): Promise<string | undefined> } {
  const lines = createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })[Symbol.asyncIterator]();
  return {
    async next() {
      for (;;) {
        const { value, done } = await lines.next();
        if (done) return undefined;
        if (value.trim() !== "") return value.trim();
      }
    },
  };
}
