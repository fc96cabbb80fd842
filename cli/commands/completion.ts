import { script } from "@bomb.sh/tab";
import { AppError } from "../../src/core/errors.ts";
import type { Define } from "../verbs.ts";

const shells = ["bash", "zsh", "fish"];

export const define: Define = (command, cli) => {
  command
    .argument("<shell>", shells.join(", "))
    .addHelpText(
      "after",
      "\nExamples:\n  source <(mcqueen completion bash)\n  mcqueen completion fish > ~/.config/fish/completions/mcqueen.fish",
    )
    .action((shell: string) => {
      if (!shells.includes(shell)) {
        throw new AppError("usage", `No completion for ${shell}`, { hint: `One of: ${shells.join(", ")}` });
      }
      const text = captured(() => script(shell, "mcqueen", "mcqueen"));
      // Sourced a second time, a constant that cannot be set again would complain.
      cli().out.write(shell === "bash" ? bashFallback + text.replaceAll(/^(\s*)readonly /gm, "$1") : text);
    });
};

/** The library's script wants two functions of the package bash-completion, which not every machine has. */
const bashFallback = `if ! declare -F _get_comp_words_by_ref >/dev/null; then
  _get_comp_words_by_ref() { cur="\${COMP_WORDS[COMP_CWORD]}"; prev="\${COMP_WORDS[COMP_CWORD-1]}"; words=("\${COMP_WORDS[@]}"); cword=$COMP_CWORD; }
fi
if ! declare -F __ltrim_colon_completions >/dev/null; then
  __ltrim_colon_completions() { :; }
fi
`;

/** The library prints with console.log; our own writer knows what to do with a closed pipe. */
function captured(print: () => void): string {
  const lines: string[] = [];
  const { log } = console;
  console.log = (...parts: unknown[]) => void lines.push(parts.join(" "));
  try {
    print();
  } finally {
    console.log = log;
  }
  return `${lines.join("\n")}\n`;
}
