import { useEffect, useState } from "preact/hooks";
import type { ListedApproval } from "../../core/approval-desk.ts";
import { Empty } from "../empty.tsx";
import { labelOf } from "../form/field-kind.ts";
import { approvals, refreshApprovals } from "../live.ts";
import { toolName, whoIs } from "../names.ts";
import { RefusalNote } from "../refusal-note.tsx";
import { Outline } from "../results/outline.tsx";
import { Text } from "../results/parts.tsx";
import { Result, type ShownResult } from "../results/result.tsx";
import type { Done } from "../run-action.ts";
import { ask } from "../session.ts";
import { UnseenNote } from "../unseen-note.tsx";
import { momentName, timeLeft } from "../when.ts";
import type { Refusal } from "../wire.ts";

type Verdict = { said: string; refusal?: Refusal; shown?: ShownResult };

/** What an agent wants to do, and the two answers to it. */
export function Approvals() {
  const [verdict, setVerdict] = useState<Verdict>();
  useEffect(() => void refreshApprovals(), []);
  const decide = async (approval: ListedApproval, word: "approve" | "deny"): Promise<void> => {
    const answer = await ask<Done>(`/mcp/approvals/${encodeURIComponent(approval.id)}/${word}`, { method: "POST" });
    setVerdict(verdictOf(approval, word, answer.ok ? answer.value : answer.refusal));
    await refreshApprovals();
  };
  return (
    <>
      <h1>Approvals</h1>
      <div aria-live="polite">
        {verdict && (
          <section class="card">
            <p class={verdict.refusal ? "" : "good"}>
              <strong>{verdict.said}</strong>
            </p>
            {verdict.refusal && <RefusalNote refusal={verdict.refusal} />}
            {verdict.shown && <Result shown={verdict.shown} />}
          </section>
        )}
      </div>
      {approvals.value.length === 0 && (
        <Empty sign="approvals" title="Nothing waits for you">
          When an agent wants to write something, it shows here at once, with exactly what it would do.
        </Empty>
      )}
      {approvals.value.map((approval) => (
        <ApprovalCard key={approval.id} approval={approval} onDecide={(word) => decide(approval, word)} />
      ))}
    </>
  );
}

function verdictOf(approval: ListedApproval, word: "approve" | "deny", came: Done | Refusal): Verdict {
  if ("code" in came) return { said: word === "deny" ? "It could not be denied." : "It was not done.", refusal: came };
  if (word === "deny") return { said: "Denied: nothing was done." };
  const { tool, action, parameters } = approval;
  return { said: "Approved and done.", shown: { tool, action, parameters, data: came.data, metadata: came.metadata } };
}

interface CardProps {
  approval: ListedApproval;
  onDecide(word: "approve" | "deny"): Promise<void>;
}

function ApprovalCard({ approval, onDecide }: CardProps) {
  const [isBusy, setBusy] = useState(false);
  const decide = async (word: "approve" | "deny"): Promise<void> => {
    setBusy(true);
    await onDecide(word);
    setBusy(false);
  };
  const title = `approval-${approval.id}`;
  return (
    <article class="card" aria-labelledby={title}>
      <h2 id={title} class="prompt">
        <Text of={approval.prompt} />
      </h2>
      <p class="dim">
        {toolName(approval.tool)}, {labelOf(approval.action)}. Asked by{" "}
        {whoIs(approval.asked_by.entrance, approval.asked_by.credential_id)} (
        <Text of={approval.asked_by.credential_id} />) on {momentName(approval.created_at)}.{" "}
        <span class="state open">{timeLeft(approval.expires_at, Date.now())}</span>
      </p>
      <details open>
        <summary>Exactly this</summary>
        <Outline of={approval.parameters} />
        <UnseenNote of={approval.parameters} />
      </details>
      <div class="answers">
        <button type="button" class="no" disabled={isBusy} onClick={() => void decide("deny")}>
          Deny
        </button>
        <button type="button" class="yes" disabled={isBusy} onClick={() => void decide("approve")}>
          Approve
        </button>
      </div>
    </article>
  );
}
