import { Text } from "./results/parts.tsx";
import type { Refusal } from "./wire.ts";

/** What went wrong and what helps, and a way to try again where there is one. */
export function RefusalNote({ refusal, again }: { refusal: Refusal; again?: () => void }) {
  return (
    <div class="note bad" role="alert">
      <p>
        <Text of={refusal.message} />
      </p>
      {refusal.hint && (
        <p>
          <Text of={refusal.hint} />
        </p>
      )}
      {again && (
        <button type="button" onClick={again}>
          Try again
        </button>
      )}
    </div>
  );
}
