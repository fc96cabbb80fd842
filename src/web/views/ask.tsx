import { useRef, useState } from "preact/hooks";
import type { ListedProposal } from "../../core/interpret/suggest.ts";
import { labelOf } from "../form/field-kind.ts";
import { Icon } from "../icons.tsx";
import { RefusalNote } from "../refusal-note.tsx";
import { open } from "../route.ts";
import { ask } from "../session.ts";
import { canListen, listen } from "../speech.ts";
import type { Refusal } from "../wire.ts";

interface Interpretation {
  /** Best first. Nothing of it has been done. */
  proposals: ListedProposal[];
}

/** A sentence, typed or spoken, that becomes a filled form. */
export function Ask({ examples }: { examples: readonly string[] }) {
  const [words, setWords] = useState("");
  const [found, setFound] = useState<Interpretation>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [isListening, setListening] = useState(false);
  const ears = useRef<AbortController>(undefined);
  const interpret = async (transcript: string): Promise<void> => {
    if (transcript.trim() === "") return;
    setRefusal(undefined);
    setFound(undefined);
    const time_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const answer = await ask<Interpretation>("/mcp/interpret", { body: { transcript, time_zone } });
    if (!answer.ok) return setRefusal(answer.refusal);
    const [first, second] = answer.value.proposals;
    if (first && first.score >= sureFrom && first.score - (second?.score ?? 0) > apart) return openProposal(first);
    setFound(answer.value);
  };
  const hear = async (): Promise<void> => {
    if (isListening) return ears.current?.abort();
    ears.current = new AbortController();
    setListening(true);
    const heard = await listen(ears.current.signal);
    setListening(false);
    if (heard === undefined) return;
    setWords(heard);
    await interpret(heard);
  };
  return (
    <form
      class="ask"
      aria-label="Ask in your own words"
      onSubmit={(event) => {
        event.preventDefault();
        void interpret(words);
      }}
    >
      <div class="field">
        <label for="ask-words">Say what you want</label>
        <div class="ask-line">
          <input
            id="ask-words"
            type="text"
            autocomplete="off"
            placeholder="Weather in London"
            value={words}
            onInput={(event) => setWords(event.currentTarget.value)}
          />
          {canListen() && (
            <button
              type="button"
              aria-label={isListening ? "Stop" : "Speak"}
              aria-pressed={isListening}
              onClick={() => void hear()}
            >
              {isListening ? "Stop" : <Icon of="speak" size={22} />}
            </button>
          )}
          <button type="submit" class="main">
            Ask
          </button>
        </div>
      </div>
      {examples.length > 0 && !found && !refusal && (
        <div class="examples">
          {examples.map((example) => (
            <button
              key={example}
              type="button"
              onClick={() => {
                setWords(example);
                void interpret(example);
              }}
            >
              {example}
            </button>
          ))}
        </div>
      )}
      {refusal && <RefusalNote refusal={refusal} />}
      {found && (
        <div role="status">
          {found.proposals.length === 0 ? (
            <p class="note">No tool fits these words. Say it in others, or choose a tool below.</p>
          ) : (
            <>
              <p>Did you mean:</p>
              <ul class="rows">
                {found.proposals.map((proposal) => (
                  <li key={`${proposal.tool} ${proposal.action}`}>
                    <button type="button" class="row" onClick={() => openProposal(proposal)}>
                      {labelOf(proposal.tool)}: {labelOf(proposal.action)}
                    </button>
                  </li>
                ))}
              </ul>
            </>
          )}
        </div>
      )}
    </form>
  );
}

const sureFrom = 0.5;
const apart = 0.06;

const openProposal = ({ tool, action, parameters }: ListedProposal): void => open({ tool, action, parameters });
