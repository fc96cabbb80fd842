import { useRef, useState } from "preact/hooks";
import { labelOf } from "../form/field-kind.ts";
import { RefusalNote } from "../refusal-note.tsx";
import { open } from "../route.ts";
import { ask } from "../session.ts";
import { canListen, listen } from "../speech.ts";
import type { Refusal } from "../wire.ts";

/** What a sentence may have meant. Nothing of it has been done. */
interface Proposal {
  tool: string;
  action: string;
  score: number;
  parameters: Record<string, unknown>;
  missing: string[];
}

/** A sentence, typed or spoken, that becomes a filled form. */
export function Ask() {
  const [words, setWords] = useState("");
  const [proposals, setProposals] = useState<Proposal[]>();
  const [refusal, setRefusal] = useState<Refusal>();
  const [isListening, setListening] = useState(false);
  const ears = useRef<AbortController>(undefined);
  const interpret = async (transcript: string): Promise<void> => {
    if (transcript.trim() === "") return;
    setRefusal(undefined);
    setProposals(undefined);
    const answer = await ask<{ proposals?: Proposal[]; data?: { proposals: Proposal[] } }>("/mcp/interpret", {
      body: { transcript },
    });
    if (!answer.ok) return setRefusal(answer.refusal);
    const found = answer.value.proposals ?? answer.value.data?.proposals ?? [];
    const [first, second] = found;
    if (first && first.score >= sureFrom && first.score - (second?.score ?? 0) > apart) return openProposal(first);
    setProposals(found);
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
            <button type="button" aria-pressed={isListening} onClick={() => void hear()}>
              {isListening ? "Stop" : "Speak"}
            </button>
          )}
          <button type="submit" class="main">
            Ask
          </button>
        </div>
      </div>
      {refusal && <RefusalNote refusal={refusal} />}
      {proposals && (
        <div role="status">
          {proposals.length === 0 ? (
            <p>No tool fits these words. Choose one below.</p>
          ) : (
            <>
              <p>Did you mean:</p>
              <ul class="rows">
                {proposals.map((proposal) => (
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

const openProposal = ({ tool, action, parameters }: Proposal): void => open({ tool, action, parameters });
