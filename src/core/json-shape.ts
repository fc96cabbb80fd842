/** The nesting that a JSON text from elsewhere may have. */
export const deepest = 64;

/** Measures a JSON text before any parser sees it: deep nesting and millions of values cost a parser seconds. */
export function measure(bytes: Uint8Array): { depth: number; values: number } {
  let depth = 0;
  let deepestSeen = 0;
  let values = 0;
  let inString = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (inString) {
      if (byte === 0x5c) at++;
      else if (byte === 0x22) inString = false;
    } else if (byte === 0x22) inString = true;
    else if (byte === 0x2c || byte === 0x3a) values++;
    else if (byte === 0x5b || byte === 0x7b) {
      depth++;
      if (depth > deepestSeen) deepestSeen = depth;
    } else if (byte === 0x5d || byte === 0x7d) depth--;
  }
  return { depth: deepestSeen, values };
}
