import { useEffect, useState } from "preact/hooks";
import type { ListedAccount, ListedLogin, ListedService, StartedLogin } from "../../core/accounts.ts";
import { Empty } from "../empty.tsx";
import { toolsChanged } from "../live.ts";
import { Loaded, useAnswer } from "../loaded.tsx";
import { RefusalNote } from "../refusal-note.tsx";
import { Link, Text } from "../results/parts.tsx";
import { ask } from "../session.ts";
import { momentName } from "../when.ts";
import type { Answer, Refusal } from "../wire.ts";

/** Accounts at services: what is linked, linking another one, unlinking. */
export function Accounts() {
  const { answer, again } = useAnswer<{ services: ListedService[] }>("/auth/services");
  const [login, setLogin] = useState<StartedLogin>();
  const [tokenFor, setTokenFor] = useState<string>();
  const [said, setSaid] = useState("");
  const [refusal, setRefusal] = useState<Refusal>();
  const begin = async (service: string): Promise<void> => {
    setRefusal(undefined);
    setTokenFor(undefined);
    setSaid("");
    const path = `/auth/services/${encodeURIComponent(service)}/login`;
    const started = await ask<{ login: StartedLogin }>(path, { body: {} });
    if (started.ok) return setLogin(started.value.login);
    setRefusal(started.refusal);
    setTokenFor(service);
  };
  const unlink = async (service: ListedService, account: string): Promise<void> => {
    if (!confirm(`Unlink ${service.name} of ${account}?`)) return;
    const path = `/auth/services/${encodeURIComponent(service.service)}?account=${encodeURIComponent(account)}`;
    const done = await ask(path, { method: "DELETE" });
    setRefusal(done.ok ? undefined : done.refusal);
    setSaid(done.ok ? `${service.name} of ${account} is unlinked.` : "");
    again();
    toolsChanged.value += 1;
  };
  const ended = (last: ListedLogin): void => {
    setLogin(undefined);
    setSaid(last.status === "done" ? `Linked ${last.account?.account ?? last.provider}.` : "");
    if (last.status !== "done") setRefusal(refusalOf(last));
    again();
    toolsChanged.value += 1;
  };
  const linked = (account: ListedAccount): void => {
    setTokenFor(undefined);
    setRefusal(undefined);
    setSaid(`Linked ${account.account}.`);
    again();
    toolsChanged.value += 1;
  };
  return (
    <>
      <h1>Accounts</h1>
      <p class="lead">Services where mcqueen may act for you. The keys to them stay on your computer.</p>
      <p role="status" class="good">
        {said}
      </p>
      {refusal && tokenFor === undefined && <RefusalNote refusal={refusal} />}
      {login && <LoginPanel key={login.id} login={login} name={nameOf(answer, login)} onEnd={ended} />}
      <Loaded answer={answer} again={again}>
        {({ services }) =>
          services.length === 0 ? (
            <Empty sign="accounts" title="No service takes a login">
              On the computer, mcqueen doctor says which services are missing, and why.
            </Empty>
          ) : (
            <ul class="cards">
              {services.map((service) => (
                <li key={service.service}>
                  <div class="account">
                    <div>
                      <h2>{service.name}</h2>
                      {service.accounts.length === 0 && <p class="dim">No account is linked.</p>}
                    </div>
                    {service.accounts.length === 0 && (
                      <button type="button" onClick={() => void begin(service.service)}>
                        Link <span class="hidden">{service.name}</span>
                      </button>
                    )}
                  </div>
                  {service.accounts.map((account) => (
                    <div class="account" key={account.id}>
                      <p>
                        <strong>
                          <Text of={account.account} />
                        </strong>{" "}
                        {account.default && <span class="state">default</span>}{" "}
                        {account.status === "ended" && <span class="state failed">ended, log in again</span>}
                        <span class="dim block">linked {momentName(account.linked_at)}</span>
                      </p>
                      <button
                        type="button"
                        aria-label={`Unlink ${service.name} of ${account.account}`}
                        onClick={() => void unlink(service, account.account)}
                      >
                        Unlink
                      </button>
                    </div>
                  ))}
                  {tokenFor === service.service && refusal && <RefusalNote refusal={refusal} />}
                  {tokenFor === service.service && <TokenForm service={service} onLink={linked} />}
                  {service.accounts.length > 0 && (
                    <div class="buttons">
                      <button type="button" onClick={() => void begin(service.service)}>
                        Link another account of {service.name}
                      </button>
                    </div>
                  )}
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </>
  );
}

/** Some services are used by a token that was made at their console. */
function TokenForm({ service, onLink }: { service: ListedService; onLink(account: ListedAccount): void }) {
  const [token, setToken] = useState("");
  const [refusal, setRefusal] = useState<Refusal>();
  const id = `token-${service.service}`;
  const give = async (): Promise<void> => {
    const path = `/auth/services/${encodeURIComponent(service.service)}/token`;
    const answer = await ask<{ account: ListedAccount }>(path, { body: { token: token.trim() } });
    setToken("");
    if (answer.ok) onLink(answer.value.account);
    else setRefusal(answer.refusal);
  };
  return (
    <div>
      <p class="dim">A token that was made at {service.name} links it too:</p>
      {refusal && <RefusalNote refusal={refusal} />}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void give();
        }}
      >
        <div class="field">
          <label for={id}>Token of {service.name}</label>
          <input
            id={id}
            type="password"
            required
            autocomplete="off"
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </div>
        <button type="submit">Link by this token</button>
      </form>
    </div>
  );
}

/** What the services of a login are called. */
function nameOf(answer: Answer<{ services: ListedService[] }> | undefined, { services }: StartedLogin): string {
  const known = answer?.ok ? answer.value.services : [];
  return services.map((id) => known.find(({ service }) => service === id)?.name ?? id).join(", ");
}

interface LoginPanelProps {
  login: StartedLogin;
  name: string;
  onEnd(login: ListedLogin): void;
}

function LoginPanel({ login, name, onEnd }: LoginPanelProps) {
  const [address, setAddress] = useState("");
  const [refusal, setRefusal] = useState<Refusal>();
  const path = `/auth/logins/${encodeURIComponent(login.id)}`;
  useEffect(() => {
    const stop = new AbortController();
    void followLogin(path, stop.signal, onEnd);
    return () => stop.abort();
  }, [path]);
  const byHand = login.mode === "paste";
  const paste = async (): Promise<void> => {
    const answer = await ask<{ login: ListedLogin }>(`${path}/paste`, { body: { url: address.trim() } });
    if (!answer.ok) return setRefusal(answer.refusal);
    onEnd(answer.value.login);
  };
  const cancel = async (): Promise<void> => {
    await ask(path, { method: "DELETE" });
    onEnd({ ...login, status: "cancelled" });
  };
  return (
    <section class="card" aria-labelledby="login-title">
      <h2 id="login-title">Link {name}</h2>
      <p class="links">
        <Link to={login.url}>Open the login in a new tab</Link>
      </p>
      <ol class="steps">
        {byHand ? (
          <>
            <li>
              <span>Say yes there. It ends on a page that does not load: that is right.</span>
            </li>
            <li>
              <span>Copy that page's address, come back and paste it here.</span>
            </li>
          </>
        ) : (
          <li>
            <span>Say yes there, and come back. This page notices by itself.</span>
          </li>
        )}
      </ol>
      {refusal && <RefusalNote refusal={refusal} />}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void paste();
        }}
      >
        <div class="field" hidden={!byHand}>
          <label for="login-address">The address where it ended</label>
          <input
            id="login-address"
            type="url"
            required
            autocomplete="off"
            value={address}
            onInput={(event) => setAddress(event.currentTarget.value)}
          />
        </div>
        <div class="buttons">
          {byHand && (
            <button type="submit" class="main">
              Finish
            </button>
          )}
          <button type="button" onClick={() => void cancel()}>
            Cancel
          </button>
        </div>
      </form>
    </section>
  );
}

/** Waits for the end of a login, which may also come by the computer's own browser. */
async function followLogin(path: string, signal: AbortSignal, onEnd: (login: ListedLogin) => void): Promise<void> {
  while (!signal.aborted) {
    const answer = await ask<{ login: ListedLogin }>(`${path}?wait_s=25`, { signal });
    if (signal.aborted || !answer.ok) return;
    if (answer.value.login.status !== "pending") return onEnd(answer.value.login);
  }
}

const refusalOf = ({ status, error, hint }: ListedLogin): Refusal => ({
  status: 0,
  code: status,
  message: error ?? (status === "expired" ? "The login was not finished in time" : "The login was cancelled"),
  ...(hint ? { hint } : {}),
  metadata: {},
});
