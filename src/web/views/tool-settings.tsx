import { useState } from "preact/hooks";
import type { ListedTool } from "../../core/listing.ts";
import { ActionForm } from "../form/action-form.tsx";
import type { Schema } from "../form/field-kind.ts";
import { Loaded, useAnswer } from "../loaded.tsx";
import { RefusalNote } from "../refusal-note.tsx";
import { ask } from "../session.ts";
import type { Refusal } from "../wire.ts";

interface Config {
  enabled: boolean;
  priority: number;
  custom_settings: Record<string, unknown>;
}

/** A person's own settings of a tool, loaded when they are opened. */
export function ToolSettings({ tool, onChange }: { tool: ListedTool; onChange(): void }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Settings of {tool.name}</summary>
      {isOpen && <ConfigPanel tool={tool} onChange={onChange} />}
    </details>
  );
}

function ConfigPanel({ tool, onChange }: { tool: ListedTool; onChange(): void }) {
  const path = `/mcp/tools/${encodeURIComponent(tool.id)}/config`;
  const { answer, again } = useAnswer<{ data: Config }>(path);
  const [refusal, setRefusal] = useState<Refusal>();
  const [isSaved, setSaved] = useState(false);
  const save = async (body: Partial<Config> | undefined): Promise<void> => {
    const saved = await ask(path, body ? { method: "PUT", body } : { method: "DELETE" });
    setRefusal(saved.ok ? undefined : saved.refusal);
    setSaved(saved.ok);
    if (!saved.ok) return;
    again();
    onChange();
  };
  const schema = tool.settings_schema as unknown as Schema | undefined;
  return (
    <Loaded answer={answer} again={again}>
      {({ data }) => (
        <>
          {refusal && <RefusalNote refusal={refusal} />}
          <p role="status" class="good">
            {isSaved ? "Saved." : ""}
          </p>
          <div class="field inline">
            <label for="tool-enabled">Switched on</label>
            <input
              id="tool-enabled"
              type="checkbox"
              checked={data.enabled}
              onChange={(event) => void save({ enabled: event.currentTarget.checked })}
            />
          </div>
          <div class="field">
            <label for="tool-priority">Place in the list (1 first, 10 last)</label>
            <input
              id="tool-priority"
              type="number"
              min={1}
              max={10}
              value={data.priority}
              onChange={(event) => void save({ priority: Number(event.currentTarget.value) })}
            />
          </div>
          {schema?.properties && (
            <ActionForm
              key={JSON.stringify(data.custom_settings)}
              schema={schema}
              initial={data.custom_settings}
              label="Save"
              isBusy={false}
              onSubmit={(given) => void save({ custom_settings: { ...removed(schema, given), ...given } })}
            />
          )}
          <button type="button" onClick={() => void save(undefined)}>
            Back to the defaults
          </button>
        </>
      )}
    </Loaded>
  );
}

/** A setting that was emptied is taken away, which the computer is told by null. */
const removed = ({ properties = {} }: Schema, given: Record<string, unknown>): Record<string, null> =>
  Object.fromEntries(Object.keys(properties).flatMap((name) => (name in given ? [] : [[name, null]])));
