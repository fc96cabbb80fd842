/** One word of a command that a person may copy: quoted for a POSIX shell where its signs would mean something there. */
export const shellWord = (text: string): string =>
  /^[\p{L}\p{N}_@%+:,./][\p{L}\p{N}_@%+:,./-]*$/u.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
