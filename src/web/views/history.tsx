import { useState } from "preact/hooks";
import type { ListedAudit, ListedUsage } from "../../core/history-listing.ts";
import { Empty } from "../empty.tsx";
import { labelOf } from "../form/field-kind.ts";
import { Loaded, useAnswer } from "../loaded.tsx";
import { toolName, whoIs } from "../names.ts";
import { Outline } from "../results/outline.tsx";
import { Text } from "../results/parts.tsx";
import { clockName, momentDay } from "../when.ts";

/** What was done in this person's name, and how often. */
export function History() {
  const [cursor, setCursor] = useState<number>();
  const page = cursor === undefined ? "" : `&cursor=${cursor}`;
  const { answer, again } = useAnswer<{ entries: ListedAudit[]; next_cursor: number | null }>(
    `/mcp/history?limit=30${page}`,
  );
  return (
    <>
      <h1>History</h1>
      <Usage />
      <h2>What happened</h2>
      <Loaded answer={answer} again={again}>
        {({ entries, next_cursor: next }) => (
          <>
            {entries.length === 0 && (
              <Empty sign="history" title="Nothing happened yet">
                What you or your agents run shows here.
              </Empty>
            )}
            {[...Map.groupBy(entries, ({ at }) => momentDay(at))].map(([day, these]) => (
              <section key={day} class="card">
                <h3>{day}</h3>
                <ul class="rows">
                  {these.map((entry) => (
                    <Entry key={entry.seq} entry={entry} />
                  ))}
                </ul>
              </section>
            ))}
            <div class="buttons">
              {cursor !== undefined && (
                <button type="button" onClick={() => setCursor(undefined)}>
                  Newest
                </button>
              )}
              {next !== null && (
                <button type="button" onClick={() => setCursor(next)}>
                  Older
                </button>
              )}
            </div>
          </>
        )}
      </Loaded>
    </>
  );
}

function Entry({ entry }: { entry: ListedAudit }) {
  return (
    <li>
      <details>
        <summary class="row-head">
          <span class="grow">
            <Text of={titleOf(entry)} />
            <span class="dim block">
              {clockName(entry.at)}, by {whoIs(entry.entrance, entry.credential_id)}
            </span>
          </span>
          {entry.code !== "ok" && (
            <span class={`state ${isOpen(entry) ? "" : "failed"}`}>{codes[entry.code] ?? labelOf(entry.code)}</span>
          )}
        </summary>
        <Outline of={entry} />
      </details>
    </li>
  );
}

/** How something that was not simply done ended, in words. */
const codes: Record<string, string> = {
  pending: "Begun",
  confirmation_required: "Asked first",
  approval_required: "Waits for approval",
  auth_required: "Needs login",
};

/** What was only asked, or was begun, has not failed. */
const isOpen = ({ code }: ListedAudit): boolean => /^(pending|\w+_required)$/.test(code);

const titleOf = ({ tool, action, kind, detail }: ListedAudit): string =>
  tool
    ? `${toolName(tool)}${action ? `, ${labelOf(action)}` : ""}${kind === "run" ? "" : ` (${kind})`}`
    : (detail ?? kind);

interface UsageAnswer {
  usage: ListedUsage[];
  quotas: { tool: string; limit: number; remaining: number }[];
}

function Usage() {
  const { answer, again } = useAnswer<UsageAnswer>("/mcp/usage");
  return (
    <section class="card" aria-labelledby="usage-title">
      <h2 id="usage-title">How often</h2>
      <Loaded answer={answer} again={again}>
        {({ usage, quotas }) => (
          <>
            {usage.length === 0 && <p class="empty">No tool ran yet. Each one that does is counted here.</p>}
            <ul class="days">
              {usage.map((row) => (
                <li key={row.tool}>
                  <span class="grow">
                    {toolName(row.tool)}
                    <span class="dim block">
                      <Text of={row.providers.map(({ provider }) => provider).join(", ")} />
                    </span>
                  </span>
                  <span class="count">
                    {times(row.calls, "call")}
                    <span class="dim block">
                      {sum(row.failures)} failed, {Math.round(row.latency_ms.p50)} ms
                    </span>
                  </span>
                </li>
              ))}
            </ul>
            {quotas.map((quota) => (
              <p key={quota.tool} class="dim">
                {toolName(quota.tool)}: {quota.remaining} of {quota.limit} calls left this hour
              </p>
            ))}
          </>
        )}
      </Loaded>
    </section>
  );
}

const times = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;
const sum = (counts: Record<string, number>): number => Object.values(counts).reduce((a, b) => a + b, 0);
