/** Charsets of 7 bits, whose bytes pass for UTF-8 without being it. */
const sevenBit = /^(iso-2022-|hz-gb|utf-16)/i;

/**
 * The text of a part. Gmail turns most texts into UTF-8 and leaves the header as it was, so the header is believed only
 * where the bytes are no UTF-8.
 */
export function decodeText(bytes: Uint8Array, contentType: string | undefined): string {
  const charset = /;\s*charset\s*=\s*"?([^\s";]{1,40})/i.exec(contentType ?? "")?.[1] ?? "utf-8";
  const isEscaped = sevenBit.test(charset) && bytes.some((byte) => byte === 0x1b || byte === 0x7e || byte === 0);
  const decoded = (isEscaped ? decode(bytes, charset) : undefined) ?? decode(bytes, "utf-8") ?? decode(bytes, charset);
  // Every byte is a character of windows-1252, so this one never fails.
  return (decoded ?? new TextDecoder("windows-1252").decode(bytes)).replaceAll("\r\n", "\n");
}

/** A decoder of any charset that the platform knows. @throws RangeError for others */
export const decoderOf = (charset: string, options: { fatal?: boolean } = {}): TextDecoder =>
  new TextDecoder(charset as ConstructorParameters<typeof TextDecoder>[0], options);

/** Undefined where the charset is not known, or the bytes are none of it. */
function decode(bytes: Uint8Array, charset: string): string | undefined {
  try {
    return decoderOf(charset, { fatal: true }).decode(bytes);
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return undefined;
    throw error;
  }
}
