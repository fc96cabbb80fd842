import { useState } from "preact/hooks";
import type { PlaceImport } from "../../core/place-book.ts";
import type { ListedPlace } from "../../core/saved-place.ts";
import { Empty } from "../empty.tsx";
import { ActionForm } from "../form/action-form.tsx";
import type { Schema } from "../form/field-kind.ts";
import { FileField, type SentFile } from "../form/file-field.tsx";
import { Loaded, useAnswer } from "../loaded.tsx";
import { RefusalNote } from "../refusal-note.tsx";
import { Text } from "../results/parts.tsx";
import { ask } from "../session.ts";
import type { Asking, Refusal } from "../wire.ts";
import { BackToSettings } from "./settings.tsx";

const path = "/places";
const mostShown = 100;
const fields: Schema = {
  type: "object",
  required: ["name"],
  properties: {
    name: { type: "string", description: "What you call it" },
    address: { type: "string", description: "Where it is" },
    label: { type: "string", description: "home, work or another short word, by which you ask for it" },
    note: { type: "string", description: "A note of your own" },
  },
};

/** The places that this person keeps: found, added, removed, and taken over from a file. */
export function SavedPlaces() {
  const { answer, again } = useAnswer<{ places: ListedPlace[] }>(path);
  const [refusal, setRefusal] = useState<Refusal>();
  const [said, setSaid] = useState("");
  const change = async (told: string, asking: Asking, more = ""): Promise<void> => {
    const done = await ask<{ data: Partial<PlaceImport> }>(path + more, asking);
    setRefusal(done.ok ? undefined : done.refusal);
    setSaid(done.ok ? told + countsOf(done.value.data) : "");
    again();
  };
  const remove = (place: ListedPlace): void => {
    if (!confirm(`Remove ${place.name}?`)) return;
    void change(`${place.name} is removed.`, { method: "DELETE" }, `/${encodeURIComponent(place.id)}`);
  };
  return (
    <>
      <BackToSettings />
      <h1>Saved places</h1>
      <p class="lead">Maps and weather understand their names and labels, such as “home”.</p>
      <p role="status" class="good">
        {said}
      </p>
      {refusal && <RefusalNote refusal={refusal} />}
      <Loaded answer={answer} again={again}>
        {({ places }) => <PlaceList places={places} onRemove={remove} />}
      </Loaded>
      <div class="card folds">
        <details>
          <summary>Add a place</summary>
          <ActionForm
            key={said}
            schema={fields}
            initial={{}}
            label="Save"
            isBusy={false}
            onSubmit={(body) => void change(`${String(body.name)} is saved.`, { body })}
          />
        </details>
        <details>
          <summary>Take over a file</summary>
          <ImportForm onFile={(body) => change(`${body.name} is taken over.`, { body }, "/import")} />
        </details>
      </div>
    </>
  );
}

/** What became of the places of a file. */
function countsOf({ added, updated, unchanged, skipped = [] }: Partial<PlaceImport>): string {
  if (added === undefined) return "";
  const left = skipped.map(({ reason, count }) => ` ${count} left out: ${reason}.`);
  return ` ${added} added, ${updated} changed, ${unchanged} as before.${left.join("")}`;
}

function PlaceList({ places, onRemove }: { places: ListedPlace[]; onRemove(place: ListedPlace): void }) {
  const [words, setWords] = useState("");
  if (places.length === 0) {
    return (
      <Empty sign="maps" title="No place is saved">
        Add your home below, and “How do I get home?” works.
      </Empty>
    );
  }
  const found = places.filter(({ name, label, address }) =>
    [name, label, address].join(" ").toLowerCase().includes(words.toLowerCase()),
  );
  return (
    <section class="card" aria-label="Places">
      {places.length > 10 && (
        <div class="field">
          <label for="place-search">Find a place</label>
          <input
            id="place-search"
            type="search"
            autocomplete="off"
            value={words}
            onInput={(event) => setWords(event.currentTarget.value)}
          />
        </div>
      )}
      <ul class="rows">
        {found.slice(0, mostShown).map((place) => (
          <li key={place.id} class="account">
            <p class="grow">
              <strong>
                <Text of={place.name} />
              </strong>{" "}
              {place.label && (
                <span class="state">
                  <Text of={place.label} />
                </span>
              )}
              <span class="dim block">
                <Text of={place.address ?? place.note} />
              </span>
            </p>
            <button type="button" aria-label={`Remove ${place.name}`} onClick={() => onRemove(place)}>
              Remove
            </button>
          </li>
        ))}
        {found.length === 0 && <li class="empty">No place is called that. Try fewer words.</li>}
        {found.length > mostShown && <li class="dim">and {found.length - mostShown} more: search for them</li>}
      </ul>
    </section>
  );
}

function ImportForm({ onFile }: { onFile(file: SentFile): Promise<void> }) {
  const [isBusy, setBusy] = useState(false);
  const [files, setFiles] = useState<SentFile[]>([]);
  const send = async (): Promise<void> => {
    setBusy(true);
    for (const file of files) await onFile(file);
    setFiles([]);
    setBusy(false);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <div class="field">
        <label for="place-file">Google Takeout's zip, GeoJSON or CSV</label>
        <FileField
          ids={{ id: "place-file", "aria-describedby": undefined, "aria-invalid": false }}
          value={files}
          onChange={(chosen) => setFiles(chosen as SentFile[])}
        />
      </div>
      <button type="submit" class="main" disabled={isBusy || files.length === 0}>
        {isBusy ? "Working…" : "Take over"}
      </button>
    </form>
  );
}
