import type { Output } from "./output.ts";

export interface Progress {
  say(text: string): void;
  end(): void;
}

const patienceMs = 300;

/** A spinner on stderr, for work that takes longer than a moment. Shows nothing where nobody watches. */
export function showProgress(out: Output, text: string): Progress {
  if (!out.animated) return { say: () => undefined, end: () => undefined };
  let latest = text;
  let spinner: { text: string; stop(): unknown } | undefined;
  let ended = false;
  const timer = setTimeout(async () => {
    const { default: yoctoSpinner } = await import("yocto-spinner");
    if (!ended) spinner = yoctoSpinner({ text: latest, stream: process.stderr }).start();
  }, patienceMs);
  return {
    say(said) {
      latest = said;
      if (spinner) spinner.text = said;
    },
    end() {
      ended = true;
      clearTimeout(timer);
      spinner?.stop();
    },
  };
}
