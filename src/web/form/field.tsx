import type { ComponentChildren, InputHTMLAttributes, JSX } from "preact";
import { useId, useRef } from "preact/hooks";
import { Icon } from "../icons.tsx";
import { choicesOf, type FieldKind, fieldKind, labelOf, type Schema } from "./field-kind.ts";
import { FileField } from "./file-field.tsx";
import { ListField } from "./list-field.tsx";

export interface FieldProps {
  name: string;
  schema: Schema;
  required: boolean;
  value: unknown;
  problem?: string | undefined;
  onChange(value: unknown): void;
}

/** One parameter of a form, by the input that suits it. */
export function Field(props: FieldProps): JSX.Element {
  const { name, schema, value, onChange } = props;
  const kind = fieldKind(name, schema);
  if (kind === "group") return <Group {...props} />;
  if (kind === "switch") {
    return (
      <Labelled {...props} isInline>
        {(ids) => (
          <input
            {...ids}
            type="checkbox"
            checked={value === undefined ? schema.default === true : value === true}
            onChange={(event) => onChange(event.currentTarget.checked)}
          />
        )}
      </Labelled>
    );
  }
  return <Labelled {...props}>{(ids) => <Input {...props} kind={kind} ids={ids} />}</Labelled>;
}

export interface InputIds {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": boolean;
}

function Input({
  name,
  schema,
  required,
  value,
  onChange,
  kind,
  ids,
}: FieldProps & { kind: FieldKind; ids: InputIds }) {
  const shown = value === undefined || value === null ? "" : String(value);
  const shared = { ...ids, name, required, value: shown };
  const onInput = (event: { currentTarget: { value: string } }): void => onChange(event.currentTarget.value);
  const limits = { min: schema.minimum, max: schema.maximum };
  switch (kind) {
    case "choice":
      return (
        <select {...shared} onChange={onInput}>
          {(!required || shown === "") && <option value="">{required ? "Choose…" : "Not set"}</option>}
          {choicesOf(schema)?.map((choice) => (
            <option key={choice} value={choice}>
              {labelOf(choice)}
            </option>
          ))}
        </select>
      );
    case "text":
    case "json":
      return <textarea {...shared} rows={kind === "json" ? 4 : 5} onInput={onInput} spellcheck={kind === "text"} />;
    case "list":
      return <ListField ids={ids} items={schema.items ?? {}} value={asList(value)} onChange={onChange} />;
    case "files":
      return <FileField ids={ids} value={value} onChange={onChange} />;
    case "moment":
      return (
        <div class="pair-of-inputs">
          <input {...shared} type="text" autocomplete="off" placeholder="tomorrow 15:00" onInput={onInput} />
          <MomentPicker of={labelOf(name).toLowerCase()} onPick={onChange} />
        </div>
      );
    default:
      return <input {...shared} {...inputType[kind]} {...(kind === "number" ? limits : {})} onInput={onInput} />;
  }
}

/** A button that opens the phone's own picker of a day and a time. */
function MomentPicker({ of, onPick }: { of: string; onPick(value: string): void }) {
  const picker = useRef<HTMLInputElement>(null);
  return (
    <span class="picker">
      <input
        ref={picker}
        type="datetime-local"
        tabIndex={-1}
        aria-hidden="true"
        onInput={(event) => onPick(event.currentTarget.value.replace("T", " "))}
      />
      <button type="button" aria-label={`Pick ${of}`} onClick={() => picker.current?.showPicker()}>
        <Icon of="calendar" size={22} />
      </button>
    </span>
  );
}

const inputType: Partial<Record<FieldKind, InputHTMLAttributes<HTMLInputElement>>> = {
  line: { type: "text", autocomplete: "off" },
  numbers: { type: "text", inputMode: "text", autocomplete: "off", placeholder: "10, 60" },
  number: { type: "number", inputMode: "decimal", step: "any" },
  date: { type: "date" },
  time: { type: "time" },
  instant: { type: "datetime-local" },
  email: { type: "email", autocomplete: "off" },
  phone: { type: "tel", autocomplete: "off" },
};

const asList = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : []);

interface LabelledProps extends FieldProps {
  isInline?: boolean;
  children(ids: InputIds): ComponentChildren;
}

function Labelled({ name, schema, required, problem, isInline, children }: LabelledProps) {
  const id = useId();
  const about = schema.description;
  const told = [about && `${id}-about`, problem && `${id}-problem`].filter(Boolean).join(" ");
  return (
    <div class={isInline ? "field inline" : "field"}>
      <label for={id}>
        {labelOf(name)}
        {required && <span class="needed"> (needed)</span>}
      </label>
      {children({ id, "aria-describedby": told || undefined, "aria-invalid": problem !== undefined })}
      {about && (
        <p class="about" id={`${id}-about`}>
          {about}
        </p>
      )}
      {problem && (
        <p class="problem" id={`${id}-problem`}>
          {problem}
        </p>
      )}
    </div>
  );
}

function Group({ name, schema, value, onChange, problem }: FieldProps) {
  const draft = (value ?? {}) as Record<string, unknown>;
  return (
    <fieldset class="group">
      <legend>{labelOf(name)}</legend>
      {schema.description && <p class="about">{schema.description}</p>}
      {Object.entries(schema.properties ?? {}).map(([inner, property]) => (
        <Field
          key={inner}
          name={inner}
          schema={property}
          required={false}
          value={draft[inner]}
          onChange={(next) => onChange({ ...draft, [inner]: next })}
        />
      ))}
      {problem && <p class="problem">{problem}</p>}
    </fieldset>
  );
}
