import { useEffect, useRef, useState } from "preact/hooks";
import type { ListedAction, ListedTool } from "../../core/listing.ts";
import { Confirm } from "../confirm.tsx";
import { ActionForm } from "../form/action-form.tsx";
import { labelOf, type Schema } from "../form/field-kind.ts";
import { Icon, signOf } from "../icons.tsx";
import { keepResult, keptResult } from "../kept-results.ts";
import { toolsChanged } from "../live.ts";
import { Loaded, useAnswer } from "../loaded.tsx";
import { toolName } from "../names.ts";
import { RefusalNote } from "../refusal-note.tsx";
import { Result, type ShownResult } from "../results/result.tsx";
import { linkTo, prefill } from "../route.ts";
import { type Asked, askedIn, execute, executeConfirmed, loginIn, type Run } from "../run-action.ts";
import { say } from "../speech.ts";
import { momentName } from "../when.ts";
import type { Refusal } from "../wire.ts";
import { ToolSettings } from "./tool-settings.tsx";
import { Need } from "./tools.tsx";

/** One tool: its actions, the form of one, and what came of it. */
export function ToolView({ id, action: named }: { id: string; action: string | undefined }) {
  const path = `/mcp/tools/${encodeURIComponent(id)}`;
  const { answer, again } = useAnswer<{ tool: ListedTool }>(path, toolsChanged.value);
  if (!answer?.ok) {
    return (
      <>
        <a class="back" href={linkTo()}>
          <Icon of="back" size={20} /> All tools
        </a>
        <h1>{toolName(id)}</h1>
        <Loaded answer={answer} again={again}>
          {() => null}
        </Loaded>
      </>
    );
  }
  return (
    <Loaded answer={answer} again={again}>
      {({ tool }) => {
        const actions = tool.actions;
        const action = actions.find((each) => each.id === named) ?? actions[0];
        return (
          <>
            <a class="back" href={linkTo()}>
              <Icon of="back" size={20} /> All tools
            </a>
            <div class="tool-head">
              <span class="tile">
                <Icon of={signOf(tool.category)} />
              </span>
              <h1>
                {tool.name} <Need tool={tool} />
              </h1>
            </div>
            <p class="lead">{tool.description}</p>
            <Obstacle tool={tool} />
            {actions.length > 1 && (
              <nav class="tabs" aria-label="Actions">
                {actions.map((each) => (
                  <a
                    key={each.id}
                    href={linkTo("tool", id, each.id)}
                    aria-current={each === action ? "page" : undefined}
                  >
                    {labelOf(each.id)}
                  </a>
                ))}
              </nav>
            )}
            {action && <ActionPanel key={action.id} tool={tool} action={action} />}
            <div class="card folds">
              <Answerers tool={tool} />
              <ToolSettings tool={tool} onChange={again} />
            </div>
          </>
        );
      }}
    </Loaded>
  );
}

function Obstacle({ tool }: { tool: ListedTool }) {
  if (tool.status === "needs_login") {
    return (
      <p class="note">
        It works with an account of yours. <a href={linkTo("accounts")}>Link one</a> first.
      </p>
    );
  }
  return tool.hint && tool.status !== "available" ? <p class="note">{tool.hint}</p> : null;
}

/** Who would answer, and what those need who would not. */
function Answerers({ tool: { providers = [] } }: { tool: ListedTool }) {
  if (providers.length === 0) return null;
  return (
    <details>
      <summary>Who answers</summary>
      <ul class="rows">
        {providers.map((provider) => (
          <li key={`${provider.part} ${provider.id}`}>
            <strong>{provider.name}</strong> <span class="dim">{provider.part}</span>
            <span class="dim block">{provider.why}</span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function ActionPanel({ tool, action }: { tool: ListedTool; action: ListedAction }) {
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const [fresh, setShown] = useState<ShownResult>();
  const [waiting, setWaiting] = useState<{ run: Run; asked: Asked }>();
  const [declined, setDeclined] = useState(false);
  const end = useRef<HTMLElement>(null);
  const given = prefill.value?.tool === tool.id && prefill.value.action === action.id ? prefill.value : undefined;
  const [kept] = useState(() => (given ? undefined : keptResult(tool.id, action.id)));
  const isFolded = given?.run === true;
  const initial = given?.parameters ?? kept?.shown.parameters ?? {};
  const start = async (parameters: Record<string, unknown>, asked?: Asked): Promise<void> => {
    const run: Run = { tool: tool.id, action, isNamed: tool.actions.length > 1, parameters };
    setBusy(true);
    setRefusal(undefined);
    setDeclined(false);
    const answer = await (asked ? executeConfirmed(run, asked) : execute(run));
    setBusy(false);
    if (!answer.ok) {
      const question = askedIn(answer.refusal);
      if (question) return setWaiting({ run, asked: question });
      return setRefusal(answer.refusal);
    }
    const { data, metadata } = answer.value;
    const result = { tool: tool.id, action: action.id, parameters, data, metadata };
    setShown(result);
    if (action.effect === "read") keepResult(result);
    requestAnimationFrame(() => end.current?.focus({ preventScroll: false }));
  };
  const decide = (yes: boolean): void => {
    if (!waiting) return;
    setWaiting(undefined);
    if (yes) return void start(waiting.run.parameters, waiting.asked);
    setDeclined(true);
    void say("Nothing was done.");
  };
  useEffect(() => {
    if (given?.run) void start(given.parameters);
  }, [given]);
  const service = refusal && loginIn(refusal);
  const shown = fresh ?? kept?.shown;
  const form = (
    <ActionForm
      key={JSON.stringify(given?.parameters ?? {})}
      schema={action.input_schema as unknown as Schema}
      initial={initial}
      label={labelOf(action.id)}
      isBusy={isBusy}
      onSubmit={(parameters) => void start(parameters)}
    />
  );
  return (
    <div class="panels">
      {!isFolded && (
        <section class="card" aria-labelledby="action-title">
          <h2 id="action-title" class="asked-as">
            {action.description}
          </h2>
          {form}
        </section>
      )}
      {waiting && <Confirm question={questionOf(waiting)} onAnswer={decide} />}
      <section ref={end} tabIndex={-1} class="outcome" aria-live="polite" aria-label="Result">
        {isFolded && (
          <button type="button" class="back" onClick={() => history.back()}>
            <Icon of="back" size={20} /> Back
          </button>
        )}
        {isFolded && <h2 class="hidden">Result</h2>}
        {isFolded && isBusy && <p class="wait">Loading…</p>}
        {declined && <p class="note">You said no, so nothing was done.</p>}
        {refusal && !service && <RefusalNote refusal={refusal} />}
        {service && (
          <div class="note bad" role="alert">
            <p>This needs an account of yours at {labelOf(service)}.</p>
            <p>
              <a class="button main" href={linkTo("accounts")}>
                Log in to {labelOf(service)}
              </a>
            </p>
          </div>
        )}
        {shown && !refusal && (
          <div class="card">
            {!fresh && kept && <p class="dim">As it was on {momentName(kept.at.toISOString())}.</p>}
            <Result shown={shown} />
          </div>
        )}
      </section>
      {isFolded && (
        <details class="card">
          <summary>{action.description}</summary>
          {form}
        </details>
      )}
    </div>
  );
}

const questionOf = ({ run, asked }: { run: Run; asked: Asked }) => ({
  prompt: asked.prompt,
  values: { action: run.action.id, ...run.parameters },
});
