import { script } from "@bomb.sh/tab";
import { AppError } from "../../src/core/errors.ts";
import type { Define } from "../verbs.ts";

const shells = ["bash", "zsh", "fish"];

export const define: Define = (command) => {
  command
    .argument("<shell>", shells.join(", "))
    .addHelpText(
      "after",
      "\nExamples:\n  source <(mcqueen completion bash)\n  mcqueen completion fish > ~/.config/fish/completions/mcqueen.fish",
    )
    .action((shell: string) => {
      if (!shells.includes(shell))
        throw new AppError("usage", `No completion for ${shell}`, { hint: `One of: ${shells.join(", ")}` });
      script(shell, "mcqueen", "mcqueen");
    });
};
