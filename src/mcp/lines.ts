/**
 * The lines of a stream. They end at a line feed and nowhere else: a JSON text may hold every other sign that some take
 * for the end of a line.
 */
export async function* linesOf(input: AsyncIterable<Uint8Array | string>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let kept: string[] = [];
  for await (const chunk of input) {
    const [first = "", ...others] = (typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true })).split(
      "\n",
    );
    kept.push(first);
    for (const next of others) {
      yield kept.join("");
      kept = [next];
    }
  }
  const last = kept.join("") + decoder.decode();
  if (last !== "") yield last;
}
