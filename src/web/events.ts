/** One server-sent event. */
export interface SentEvent {
  id: string;
  kind: string;
  data: Record<string, unknown>;
}

/** Reads server-sent events from pieces of text, however they are cut. */
export function createEventReader(): (piece: string) => SentEvent[] {
  let rest = "";
  return (piece) => {
    const blocks = (rest + piece).split("\n\n");
    rest = blocks.pop() ?? "";
    return blocks.flatMap(readBlock);
  };
}

function readBlock(block: string): SentEvent[] {
  const fields: Record<string, string> = {};
  for (const line of block.split("\n")) {
    const at = line.indexOf(":");
    if (at > 0) fields[line.slice(0, at)] = line.slice(at + 1).replace(/^ /, "");
  }
  const { id = "", event = "message", data } = fields;
  return data === undefined ? [] : [{ id, kind: event, data: JSON.parse(data) as Record<string, unknown> }];
}
