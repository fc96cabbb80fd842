import type { ComponentChildren } from "preact";
import { useCallback, useEffect, useState } from "preact/hooks";
import { RefusalNote } from "./refusal-note.tsx";
import { ask } from "./session.ts";
import type { Answer } from "./wire.ts";

/** What a path answers, asked again when it changes or on demand. An answer that comes too late is not shown. */
export function useAnswer<T>(path: string, when: unknown = 0): { answer: Answer<T> | undefined; again: () => void } {
  const [answer, setAnswer] = useState<Answer<T>>();
  const [round, setRound] = useState(0);
  useEffect(() => {
    const stop = new AbortController();
    void ask<T>(path, { signal: stop.signal }).then((next) => {
      if (!stop.signal.aborted) setAnswer(next);
    });
    return () => stop.abort();
  }, [path, round, when]);
  return { answer, again: useCallback(() => setRound((before) => before + 1), []) };
}

interface LoadedProps<T> {
  answer: Answer<T> | undefined;
  again(): void;
  children(value: T): ComponentChildren;
}

/** Says that it loads, what went wrong, or shows what came. */
export function Loaded<T>({ answer, again, children }: LoadedProps<T>) {
  if (!answer) {
    return (
      <div class="wait" role="status">
        <div class="spinner" />
        Loading…
      </div>
    );
  }
  if (!answer.ok) return <RefusalNote refusal={answer.refusal} again={again} />;
  return <>{children(answer.value)}</>;
}
