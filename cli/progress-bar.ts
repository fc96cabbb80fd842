import { type Output, writeAll } from "./output.ts";
import { type Progress, showProgress } from "./progress.ts";

interface Bar extends Pick<Progress, "end"> {
  at(done: number, total: number): void;
}

const width = 30;

/** A bar on stderr for work that counts what it does, and until it counts a spinner. Shows nothing where nobody watches. */
export function showBar(out: Output, text: string): Bar {
  const waiting = showProgress(out, `${text}…`);
  let last = "";
  return {
    at(done, total) {
      if (!out.animated) return;
      const percent = Math.floor((done / total) * 100);
      const full = Math.round((percent / 100) * width);
      const line = `${text} ${"█".repeat(full)}${"░".repeat(width - full)} ${String(percent).padStart(3)} %`;
      if (line === last) return;
      if (last === "") waiting.end();
      last = line;
      writeAll(2, `\r${line}`);
    },
    end() {
      waiting.end();
      if (last !== "") writeAll(2, "\r\u001b[2K");
    },
  };
}
