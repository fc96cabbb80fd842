import { useState } from "preact/hooks";
import { collect, type Draft, draftOf } from "./collect.ts";
import { Field } from "./field.tsx";
import type { Schema } from "./field-kind.ts";

interface ActionFormProps {
  schema: Schema;
  initial: Record<string, unknown>;
  label: string;
  isBusy: boolean;
  onSubmit(parameters: Record<string, unknown>): void;
}

/** A form made from a schema: what is needed first, the rest behind a line that opens. */
export function ActionForm({ schema, initial, label, isBusy, onSubmit }: ActionFormProps) {
  const [draft, setDraft] = useState<Draft>(() => draftOf(schema, initial));
  const [problems, setProblems] = useState<Record<string, string>>({});
  const needed = new Set(schema.required ?? []);
  const all = Object.entries(schema.properties ?? {});
  const isFirst = ([name]: [string, Schema]): boolean =>
    needed.has(name) || initial[name] !== undefined || name === "subject";
  const first = all.some(isFirst) ? all.filter(isFirst) : all.slice(0, 3);
  const rest = all.filter((entry) => !first.includes(entry));
  const field = ([name, property]: [string, Schema]) => (
    <Field
      key={name}
      name={name}
      schema={property}
      required={needed.has(name)}
      value={draft[name]}
      problem={problems[name]}
      onChange={(value) => setDraft((before) => ({ ...before, [name]: value }))}
    />
  );
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        const collected = collect(schema, draft);
        setProblems(collected.problems);
        const [broken] = Object.keys(collected.problems);
        if (broken === undefined) onSubmit(collected.parameters);
        else event.currentTarget.querySelector<HTMLElement>(`[name="${CSS.escape(broken)}"]`)?.focus();
      }}
    >
      {first.map(field)}
      {rest.length > 0 && (
        <details open={rest.some(([name]) => problems[name])}>
          <summary>More ({rest.length})</summary>
          {rest.map(field)}
        </details>
      )}
      <button type="submit" class="main" disabled={isBusy}>
        {isBusy ? "Working…" : label}
      </button>
    </form>
  );
}
