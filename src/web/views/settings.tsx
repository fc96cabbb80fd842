import { useState } from "preact/hooks";
import { Icon, type Sign } from "../icons.tsx";
import { Loaded, useAnswer } from "../loaded.tsx";
import { RefusalNote } from "../refusal-note.tsx";
import { Text } from "../results/parts.tsx";
import { linkTo } from "../route.ts";
import { ask, forgetPairing, logOut, pairing, session } from "../session.ts";
import { canSpeak, readsAloud, setReadsAloud } from "../speech.ts";
import { setTheme, type Theme, theme } from "../theme.ts";
import { momentName } from "../when.ts";
import type { Refusal } from "../wire.ts";

const themes: Record<Theme, string> = { auto: "As the phone", light: "Light", dark: "Dark" };

const more: [words: string, sign: Sign, name: string, about: string][] = [
  ["places", "maps", "Saved places", "Home, work and others, by name"],
  ["programs", "other", "Programs", "Agents that may use mcqueen as you"],
];

export function BackToSettings() {
  return (
    <a class="back" href={linkTo("settings")}>
      <Icon of="back" size={20} /> Settings
    </a>
  );
}

/** This phone, the other ones, and leaving. */
export function Settings() {
  return (
    <>
      <h1>Settings</h1>
      <div class="categories">
        <ul class="rows">
          {more.map(([words, sign, name, about]) => (
            <li key={words}>
              <a class="tool-row" href={linkTo(words)}>
                <span class="tile">
                  <Icon of={sign} />
                </span>
                <span>
                  <strong>{name}</strong>
                  <span class="dim">{about}</span>
                </span>
                <Icon of="chevron" size={18} />
              </a>
            </li>
          ))}
        </ul>
      </div>
      <section class="card" aria-labelledby="page-title">
        <h2 id="page-title">This page</h2>
        <div class="field">
          <label for="theme">Colours</label>
          <select id="theme" value={theme.value} onChange={(event) => setTheme(event.currentTarget.value as Theme)}>
            {Object.entries(themes).map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </div>
        {canSpeak() && (
          <div class="field inline">
            <label for="aloud">Read questions aloud</label>
            <input
              id="aloud"
              type="checkbox"
              checked={readsAloud.value}
              onChange={(event) => setReadsAloud(event.currentTarget.checked)}
            />
          </div>
        )}
        <p>
          You are <Text of={session.value?.user_id} />. This session ends {momentName(session.value?.expires_at)}
          {pairing.value ? ", and this phone opens the next one by itself." : "."}
        </p>
        <div class="buttons">
          <button type="button" onClick={() => void logOut()}>
            Log out
          </button>
        </div>
      </section>
      <Devices />
      <Sessions />
    </>
  );
}

interface Device {
  id: string;
  name: string;
  last_used_at: string | null;
}

function Devices() {
  const { answer, again } = useAnswer<{ devices: Device[] }>("/devices");
  const [refusal, setRefusal] = useState<Refusal>();
  const revoke = async (device: Device): Promise<void> => {
    if (!confirm(`Revoke ${device.name}? It is out at once.`)) return;
    const answer = await ask(`/devices/${encodeURIComponent(device.id)}`, { method: "DELETE" });
    if (!answer.ok) return setRefusal(answer.refusal);
    if (device.id === pairing.value?.device.id) {
      forgetPairing();
      return void logOut();
    }
    again();
  };
  return (
    <section class="card" aria-labelledby="devices-title">
      <h2 id="devices-title">Paired phones</h2>
      {refusal && <RefusalNote refusal={refusal} />}
      <Loaded answer={answer} again={again}>
        {({ devices }) => (
          <ul class="rows">
            {devices.length === 0 && <li class="empty">No phone is paired. On the computer, run: mcqueen pair</li>}
            {devices.map((device) => (
              <li key={device.id} class="account">
                <p>
                  <Text of={device.name} />{" "}
                  {device.id === pairing.value?.device.id && <span class="state">this one</span>}
                  <span class="dim block">last used {momentName(device.last_used_at) || "never"}</span>
                </p>
                <button type="button" aria-label={`Revoke ${device.name}`} onClick={() => void revoke(device)}>
                  Revoke
                </button>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}

interface OpenSession {
  id: string;
  client_type: string;
  created_at: string;
}

const clients: Record<string, string> = { web_page: "This page, in a browser" };

function Sessions() {
  const { answer, again } = useAnswer<{ sessions: OpenSession[] }>("/auth/sessions");
  const [refusal, setRefusal] = useState<Refusal>();
  const end = async (id: string): Promise<void> => {
    const answer = await ask(`/auth/sessions/${encodeURIComponent(id)}`, { method: "DELETE" });
    setRefusal(answer.ok ? undefined : answer.refusal);
    again();
  };
  return (
    <section class="card" aria-labelledby="sessions-title">
      <h2 id="sessions-title">Open sessions</h2>
      {refusal && <RefusalNote refusal={refusal} />}
      <Loaded answer={answer} again={again}>
        {({ sessions }) => (
          <ul class="rows">
            {sessions.map((each) => (
              <li key={each.id} class="account">
                <p>
                  {clients[each.client_type] ?? <Text of={each.client_type} />}
                  <span class="dim block">since {momentName(each.created_at)}</span>
                </p>
                <button type="button" aria-label={`End the session ${each.id}`} onClick={() => void end(each.id)}>
                  End
                </button>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}
