import { useState } from "preact/hooks";
import type { ListedClient, ListedClientRequest } from "../../core/client.ts";
import { Empty } from "../empty.tsx";
import { Loaded, useAnswer } from "../loaded.tsx";
import { toolName } from "../names.ts";
import { RefusalNote } from "../refusal-note.tsx";
import { Facts, Text } from "../results/parts.tsx";
import { ask } from "../session.ts";
import { momentName } from "../when.ts";
import type { Refusal } from "../wire.ts";
import { BackToSettings } from "./settings.tsx";

/** Programs that this person let in, the way out for each, and the answer to one that wants in. */
export function Programs() {
  const { answer, again } = useAnswer<{ clients: ListedClient[] }>("/clients");
  const [refusal, setRefusal] = useState<Refusal>();
  const [said, setSaid] = useState("");
  const revoke = async ({ id, name }: ListedClient): Promise<void> => {
    if (!confirm(`End the login of ${name}? It is out at once.`)) return;
    const done = await ask(`/clients/${encodeURIComponent(id)}`, { method: "DELETE" });
    setRefusal(done.ok ? undefined : done.refusal);
    setSaid(done.ok ? `${name} is out.` : "");
    again();
  };
  return (
    <>
      <BackToSettings />
      <h1>Programs</h1>
      <p class="lead">Agents and other programs that may use mcqueen as you.</p>
      <p role="status" class="good">
        {said}
      </p>
      {refusal && <RefusalNote refusal={refusal} />}
      <LetIn
        onAnswer={(told) => {
          setSaid(told);
          again();
        }}
      />
      <Loaded answer={answer} again={again}>
        {({ clients }) =>
          clients.length === 0 ? (
            <Empty sign="other" title="No program is let in">
              Give an agent this computer's address; it opens a page with a number, which you type above.
            </Empty>
          ) : (
            <ul class="cards">
              {clients.map((client) => (
                <li key={client.id} class="account">
                  <p>
                    <strong>
                      <Text of={client.name} />
                    </strong>{" "}
                    {client.read_only && <span class="state">only reads</span>}
                    <span class="dim block">
                      {client.tools === null ? "Every tool" : client.tools.map(toolName).join(", ")},{" "}
                      {client.last_used_at ? `last used ${momentName(client.last_used_at)}` : "not used yet"}
                    </span>
                  </p>
                  <button type="button" aria-label={`End ${client.name}`} onClick={() => void revoke(client)}>
                    End
                  </button>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
}

/** Asks for the number on a program's page, shows who stands behind it, and takes the answer. */
function LetIn({ onAnswer }: { onAnswer(told: string): void }) {
  const [number, setNumber] = useState("");
  const [request, setRequest] = useState<ListedClientRequest>();
  const [readOnly, setReadOnly] = useState(false);
  const [refusal, setRefusal] = useState<Refusal>();
  const path = `/clients/requests/${encodeURIComponent(number.trim())}`;
  const look = async (): Promise<void> => {
    const answer = await ask<{ request: ListedClientRequest }>(path);
    setRefusal(answer.ok ? undefined : answer.refusal);
    setRequest(answer.ok ? answer.value.request : undefined);
  };
  const decide = async (word: "allow" | "deny"): Promise<void> => {
    const asking = word === "allow" ? { body: { read_only: readOnly } } : { method: "POST" as const };
    const answer = await ask(`${path}/${word}`, asking);
    setRequest(undefined);
    setNumber("");
    setRefusal(answer.ok ? undefined : answer.refusal);
    if (answer.ok) onAnswer(word === "allow" ? "It is let in." : "It was denied.");
  };
  return (
    <section class="card" aria-labelledby="let-in-title">
      <h2 id="let-in-title">Let a program in</h2>
      {refusal && <RefusalNote refusal={refusal} />}
      {request ? (
        <>
          <Facts
            of={[
              ["It calls itself", request.name],
              ["It is at", request.redirect_host],
              ["It asks for", request.resource],
            ]}
          />
          <p class="dim">Nobody vouches for that name. Say no unless you have just started this program yourself.</p>
          <div class="field inline">
            <label for="let-in-reads">It may only read</label>
            <input
              id="let-in-reads"
              type="checkbox"
              checked={readOnly}
              onChange={(event) => setReadOnly(event.currentTarget.checked)}
            />
          </div>
          <div class="answers">
            <button type="button" class="no" onClick={() => void decide("deny")}>
              Deny
            </button>
            <button type="button" class="yes" onClick={() => void decide("allow")}>
              Let in
            </button>
          </div>
        </>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void look();
          }}
        >
          <div class="field">
            <label for="let-in-number">The number on its page</label>
            <input
              id="let-in-number"
              type="text"
              inputMode="numeric"
              required
              autocomplete="off"
              placeholder="1234-5678"
              value={number}
              onInput={(event) => setNumber(event.currentTarget.value)}
            />
          </div>
          <button type="submit" class="main">
            Look
          </button>
        </form>
      )}
    </section>
  );
}
