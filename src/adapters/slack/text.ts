/** A text as Slack wants it: whatever it holds is meant literally, so nobody is called by accident. */
export const escapeText = (text: string): string =>
  text.toWellFormed().replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const plainSigns = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/** A text of Slack's as a person reads it: names for ids, addresses without their marks. */
export const readText = (text: string, names: ReadonlyMap<string, string>): string =>
  plainSigns(text.replace(/<([^<>]*)>/g, (_whole, inner: string) => readMark(inner, names)));

function readMark(inner: string, names: ReadonlyMap<string, string>): string {
  const [target = "", label] = inner.split("|", 2);
  const rest = target.slice(1);
  switch (target[0]) {
    case "@":
      return `@${names.get(rest) ?? label ?? rest}`;
    case "#":
      return `#${label || rest}`;
    case "!":
      return label ?? `@${rest.split("^")[0]}`;
    default:
      return label === undefined || label === target ? target : `${label} (${target})`;
  }
}
