import { useEffect, useState } from "preact/hooks";
import { awaitPairing, claim, type PairingInProgress, readPairLink, readTypedLink } from "../pairing.ts";
import { RefusalNote } from "../refusal-note.tsx";
import { enterByPairing, enterByToken, farewell, pairing, rememberPairing } from "../session.ts";
import type { Refusal } from "../wire.ts";

/** The way in: by pairing, or by a login token of the computer. */
export function Entrance() {
  const [refusal, setRefusal] = useState<Refusal>();
  const [isBusy, setBusy] = useState(false);
  const enter = async (work: Promise<Refusal | undefined>): Promise<void> => {
    setBusy(true);
    setRefusal(undefined);
    setRefusal(await work);
    setBusy(false);
  };
  const paired = pairing.value;
  return (
    <main class="entrance" aria-busy={isBusy}>
      <header>
        <img src="/web/icon.svg" alt="" width="64" height="64" />
        <div>
          <h1>mcqueen</h1>
          <p class="dim">Your tools and accounts, on your own computer. This phone is their remote.</p>
        </div>
      </header>
      {farewell.value && (
        <p class="note" role="status">
          {farewell.value}
        </p>
      )}
      {refusal && <RefusalNote refusal={refusal} />}
      {paired && (
        <button
          type="button"
          class="main"
          disabled={isBusy}
          onClick={() => void enter(enterByPairing(paired.device_token))}
        >
          Continue as {paired.device.name}
        </button>
      )}
      <PairForm onPaired={(token) => void enter(enterByPairing(token))} />
      <TokenForm isBusy={isBusy} onSubmit={(user, token) => void enter(enterByToken(user, token))} />
    </main>
  );
}

function PairForm({ onPaired }: { onPaired(token: string): void }) {
  const [link, setLink] = useState(() => (location.pathname === "/pair" ? readPairLink(location.hash) : undefined));
  const [typed, setTyped] = useState("");
  const [name, setName] = useState(phoneName());
  const [refusal, setRefusal] = useState<Refusal>();
  const [progress, setProgress] = useState<PairingInProgress>();
  useEffect(() => {
    // The code is used once and stays in no history.
    if (location.pathname === "/pair") history.replaceState(null, "", "/");
  }, []);
  useEffect(() => {
    if (!progress) return undefined;
    const stop = new AbortController();
    void awaitPairing(progress.claimToken, stop.signal).then((answer) => {
      if (stop.signal.aborted) return;
      setProgress(undefined);
      setLink(undefined);
      if (!answer.ok) return setRefusal(answer.refusal);
      rememberPairing(answer.value);
      onPaired(answer.value.device_token);
    });
    return () => stop.abort();
  }, [progress, onPaired]);
  const begin = async (): Promise<void> => {
    const used = link ?? readTypedLink(typed);
    if (!used) return setRefusal(noCode);
    setRefusal(undefined);
    const answer = await claim(used, name.trim());
    if (answer.ok) setProgress(answer.value);
    else setRefusal(answer.refusal);
  };
  if (progress) {
    return (
      <section class="card" aria-live="polite">
        <h2>Compare the number</h2>
        <p class="digits">{progress.digits}</p>
        <p>Type it at your computer, where mcqueen pair asks for it. Is it another one there? Then say no.</p>
        <div class="wait" role="status">
          <div class="spinner" />
          Waiting for your computer…
        </div>
      </section>
    );
  }
  return (
    <section class="card">
      <h2>Pair this phone</h2>
      <p>
        On the computer, run <code>mcqueen pair</code> and scan what it shows, or paste its link here.
      </p>
      {refusal && <RefusalNote refusal={refusal} />}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void begin();
        }}
      >
        {!link && (
          <div class="field">
            <label for="pair-code">Link or code</label>
            <input
              id="pair-code"
              type="text"
              autocomplete="off"
              autocapitalize="off"
              spellcheck={false}
              value={typed}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          </div>
        )}
        <div class="field">
          <label for="pair-name">Name of this phone</label>
          <input
            id="pair-name"
            type="text"
            required
            maxLength={64}
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </div>
        <button type="submit" class="main">
          Pair
        </button>
      </form>
      {location.protocol === "https:" && (
        <p class="dim">
          Did the browser warn you? Then somebody in this network could have sent this page, and its digits too.{" "}
          <a href="/lan">Install your computer's certificate</a> first, or use the app.
        </p>
      )}
    </section>
  );
}

function TokenForm({ isBusy, onSubmit }: { isBusy: boolean; onSubmit(user: string, token: string): void }) {
  const [user, setUser] = useState("");
  const [token, setToken] = useState("");
  return (
    <details class="card">
      <summary>Log in with a token</summary>
      <p>
        On the computer, run <code>mcqueen users token owner</code>, or with another name. It works once.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit(user.trim(), token.trim());
          setToken("");
        }}
      >
        <div class="field">
          <label for="login-user">User</label>
          <input
            id="login-user"
            type="text"
            required
            autocomplete="username"
            autocapitalize="off"
            value={user}
            onInput={(event) => setUser(event.currentTarget.value)}
          />
        </div>
        <div class="field">
          <label for="login-token">Token</label>
          <input
            id="login-token"
            type="password"
            required
            autocomplete="off"
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </div>
        <button type="submit" class="main" disabled={isBusy}>
          Log in
        </button>
      </form>
    </details>
  );
}

function phoneName(): string {
  const { userAgent } = navigator;
  const [known] = /iPhone|iPad|Android|Windows|Macintosh|Linux/.exec(userAgent) ?? [];
  return known === "Android" ? "Android phone" : (known?.replace("Macintosh", "Mac") ?? "Phone");
}

const noCode: Refusal = {
  status: 0,
  code: "invalid_parameters",
  message: "That is no link of mcqueen pair",
  hint: "It looks like https://192.168.1.20:3443/pair#… Paste all of it, or what stands behind #.",
  metadata: {},
};
