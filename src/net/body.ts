const mostBytes = 10 * 1024 * 1024;

/** "more than 10 MiB" */
export class OversizedBody extends Error {}

/** Reads a body as UTF-8 text. @throws OversizedBody past 10 MiB, counted after decompression. */
export async function readBounded(response: Response, limit: number = mostBytes): Promise<string> {
  if (!response.body) return "";
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = "";
  for await (const chunk of response.body) {
    bytes += chunk.byteLength;
    if (bytes > limit) throw new OversizedBody(`more than ${limit / 1024 / 1024} MiB`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}
