import { useEffect, useRef, useState } from "preact/hooks";
import { Outline } from "./results/outline.tsx";
import { Text } from "./results/parts.tsx";
import { canListen, hush, listenForYes, say } from "./speech.ts";
import { UnseenNote } from "./unseen-note.tsx";

export interface Question {
  prompt: string;
  /** What would be done, value by value. */
  values: Record<string, unknown>;
}

/** Asks a person, aloud where the phone can, and takes a word or a tap for an answer. Whatever is unclear is a no. */
export function Confirm({ question, onAnswer }: { question: Question; onAnswer(yes: boolean): void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const stop = useRef(new AbortController());
  const [heard, setHeard] = useState("");
  useEffect(() => {
    const ears = stop.current;
    dialog.current?.showModal();
    void say(question.prompt);
    return () => {
      hush();
      ears.abort();
    };
  }, [question]);
  const listenNow = async (): Promise<void> => {
    hush();
    setHeard("Listening… say yes or no.");
    const answer = await listenForYes(stop.current.signal);
    if (stop.current.signal.aborted) return;
    if (answer === undefined) setHeard("That was neither yes nor no. Say it again, or use the buttons.");
    else onAnswer(answer);
  };
  return (
    <dialog
      ref={dialog}
      aria-labelledby="confirm-title"
      aria-describedby="confirm-prompt"
      onCancel={(event) => {
        event.preventDefault();
        onAnswer(false);
      }}
    >
      <h2 id="confirm-title">Please confirm</h2>
      <p id="confirm-prompt" class="prompt">
        <Text of={question.prompt} />
      </p>
      <details>
        <summary>Every value</summary>
        <Outline of={question.values} />
      </details>
      <UnseenNote of={question.values} />
      <p role="status">{heard}</p>
      <div class="answers">
        <button type="button" class="no" onClick={() => onAnswer(false)}>
          No
        </button>
        <button type="button" class="yes" onClick={() => onAnswer(true)}>
          Yes, do it
        </button>
        {canListen() && (
          <button type="button" class="wide" onClick={() => void listenNow()}>
            Answer by voice
          </button>
        )}
      </div>
    </dialog>
  );
}
