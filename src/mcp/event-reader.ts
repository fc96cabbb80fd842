/** Reads server-sent events from pieces of any size, and gives the data of each. */
export function createEventReader(onData: (data: string) => void): { push(chunk: Uint8Array): void } {
  const decoder = new TextDecoder();
  let rest = "";
  let data: string[] = [];
  return {
    push(chunk) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n/);
      rest = lines.pop() ?? "";
      for (const line of lines) {
        if (line.startsWith("data:")) data.push(line.slice(line.startsWith("data: ") ? 6 : 5));
        if (line !== "" || data.length === 0) continue;
        onData(data.join("\n"));
        data = [];
      }
    },
  };
}
