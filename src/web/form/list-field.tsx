import { useState } from "preact/hooks";
import type { InputIds } from "./field.tsx";
import { choicesOf, labelOf, type Schema } from "./field-kind.ts";

interface ListFieldProps {
  ids: InputIds;
  items: Schema;
  value: string[];
  onChange(value: string[]): void;
}

/** Many values of one kind: addresses, names. A comma, Enter or leaving the input adds what stands in it. */
export function ListField({ ids, items, value, onChange }: ListFieldProps) {
  const [typed, setTyped] = useState("");
  const choices = choicesOf(items)?.filter((choice) => !value.includes(choice));
  const isMail = items.format === "mail-address" || items.format === "email";
  const add = (text: string): void => {
    const fresh = splitList(text).filter((each) => !value.includes(each));
    if (fresh.length > 0) onChange([...value, ...fresh]);
    setTyped("");
  };
  return (
    <div class="many">
      {value.length > 0 && (
        <ul class="chips">
          {value.map((each) => (
            <li key={each}>
              <bdi>{each}</bdi>
              <button
                type="button"
                aria-label={`Remove ${each}`}
                onClick={() => onChange(value.filter((x) => x !== each))}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      {choices ? (
        <select {...ids} value="" onChange={(event) => event.currentTarget.value && add(event.currentTarget.value)}>
          <option value="">Add…</option>
          {choices.map((choice) => (
            <option key={choice} value={choice}>
              {labelOf(choice)}
            </option>
          ))}
        </select>
      ) : (
        <input
          {...ids}
          type="text"
          inputMode={isMail ? "email" : "text"}
          autocomplete="off"
          autocapitalize="off"
          placeholder={isMail ? "ada@example.com" : ""}
          value={typed}
          onInput={(event) => {
            const { value: text } = event.currentTarget;
            if (/[,;\n]$/.test(text)) add(text);
            else setTyped(text);
          }}
          onBlur={() => typed && add(typed)}
          onKeyDown={(event) => {
            if (event.key !== "Enter" || typed === "") return;
            event.preventDefault();
            add(typed);
          }}
        />
      )}
    </div>
  );
}

/** "a, b; c" as three; commas inside quotes or angle brackets belong to a name. */
function splitList(text: string): string[] {
  const parts = text.match(/(?:"[^"]*"|<[^>]*>|[^,;\n])+/g) ?? [];
  return parts.map((part) => part.trim()).filter(Boolean);
}
