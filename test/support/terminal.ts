import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { binary } from "./binary.ts";

/** Where tmux is, which gives a program a real terminal. Undefined where it is missing. */
export const tmux = Bun.which("tmux") ?? undefined;

/** A name for tests that need a terminal, which says why they are left out where they are. */
export const withTerminal = (name: string): string => (tmux ? name : `${name} (left out: tmux is missing)`);

export const numberAsked = /^Type (\d{6}) to go on:/m;
export const numberOn = (shown: string): string => numberAsked.exec(shown)?.[1] ?? "";

/** A shell on a terminal of its own, where $MCQUEEN is the compiled binary. `await using` ends it. */
export async function openTerminal(home: string) {
  const socket = join(home, "tmux.socket");
  const raw = join(home, "terminal.raw");
  const call = async (...words: string[]): Promise<string> => {
    const env = { PATH: process.env.PATH ?? "", HOME: home, TERM: "xterm-256color", LANG: "C.UTF-8", TZ: "UTC" };
    const child = Bun.spawn([tmux ?? "tmux", "-S", socket, "-u", "-f", "/dev/null", ...words], {
      env: { ...env, MCQUEEN_HOME: home, VAULT_KEY: "file", MCQUEEN: await binary(), NO_COLOR: "1", PS1: "ready> " },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
    const [out, err] = await Promise.all([child.stdout.text(), child.stderr.text()]);
    if ((await child.exited) !== 0) throw new Error(`tmux ${words.join(" ")}: ${err}`);
    return out;
  };
  await call("new-session", "-d", "-x", "120", "-y", "40", "env", "-u", "TMUX", "sh");
  await call("pipe-pane", "-o", `cat >> '${raw}'`);
  const screen = (): Promise<string> => call("capture-pane", "-p", "-J");
  const terminal = {
    screen,
    /** What the terminal calls itself, which a program can change by an escape sequence. */
    title: async (): Promise<string> => (await call("display-message", "-p", "#{pane_title}")).trim(),
    /** Every byte that reached the terminal. */
    raw: (): string => (existsSync(raw) ? readFileSync(raw, "utf8") : ""),
    /** Makes the window another size. */
    resize: (columns: number, rows: number): Promise<string> =>
      call("resize-window", "-x", String(columns), "-y", String(rows)),
    /** Types a line and Enter. */
    async type(text: string): Promise<void> {
      await call("send-keys", "-l", "--", text);
      await call("send-keys", "Enter");
    },
    /** The screen once it holds the text. */
    async until(text: string | RegExp): Promise<string> {
      let shown = "";
      for (let tries = 0; tries < 200; tries++) {
        shown = await screen();
        if (typeof text === "string" ? shown.includes(text) : text.test(shown)) return shown;
        await Bun.sleep(25);
      }
      throw new Error(`The terminal never showed ${String(text)}:\n${shown}`);
    },
    /** Runs mcqueen up to its question. */
    async ask(words: string, question: string | RegExp): Promise<string> {
      await start(words);
      return terminal.until(question);
    },
    /** Answers, and gives the exit code and what was shown by then. */
    async answer(text: string): Promise<{ exit: number; shown: string }> {
      await terminal.type(text);
      return ended();
    },
    /** Presses a key, such as C-c, and gives the same. */
    async press(key: string): Promise<{ exit: number; shown: string }> {
      await call("send-keys", key);
      return ended();
    },
    /** Runs mcqueen up to its number, and gives the number back. */
    async answerAt(words: string): Promise<{ exit: number; shown: string }> {
      const asked = await terminal.ask(words, numberAsked);
      return terminal.answer(numberOn(asked));
    },
    /** Runs mcqueen to its end. */
    async run(words: string): Promise<{ exit: number; shown: string }> {
      await start(words);
      return ended();
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await call("kill-server");
    },
  };
  const start = async (words: string): Promise<void> => {
    await call("send-keys", "-R");
    await terminal.type(`$MCQUEEN ${words}; echo "exit=$?"`);
  };
  const ended = async (): Promise<{ exit: number; shown: string }> => {
    const shown = await terminal.until(/^exit=\d+$/m);
    return { exit: Number(/^exit=(\d+)$/m.exec(shown)?.[1]), shown };
  };
  await terminal.until("ready>");
  return terminal;
}
