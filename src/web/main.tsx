import { effect } from "@preact/signals";
import type { JSX } from "preact";
import { render } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Empty } from "./empty.tsx";
import { labelOf } from "./form/field-kind.ts";
import { Icon, type Sign } from "./icons.tsx";
import { forgetResults } from "./kept-results.ts";
import { approvals, follow } from "./live.ts";
import { toolName } from "./names.ts";
import { linkTo, route, watchRoute } from "./route.ts";
import { isReachable, pairing, renew, session } from "./session.ts";
import { showTheme } from "./theme.ts";
import { Accounts } from "./views/accounts.tsx";
import { Approvals } from "./views/approvals.tsx";
import { Entrance } from "./views/entrance.tsx";
import { History } from "./views/history.tsx";
import { Programs } from "./views/programs.tsx";
import { SavedPlaces } from "./views/saved-places.tsx";
import { Settings } from "./views/settings.tsx";
import { ToolView } from "./views/tool.tsx";
import { Tools } from "./views/tools.tsx";

const places: [words: string[], name: string, sign: Sign][] = [
  [[], "Tools", "tools"],
  [["approvals"], "Approvals", "approvals"],
  [["accounts"], "Accounts", "accounts"],
  [["history"], "History", "history"],
  [["settings"], "Settings", "settings"],
];

/** What the browser calls the page. */
function titleOf([place = "", id]: readonly string[]): string {
  if (place === "tool" && id !== undefined) return toolName(id);
  return places.find(([words]) => (words[0] ?? "") === place)?.[1] ?? labelOf(place);
}

/** Under which of these a place lies that is not one of them. */
const above: Record<string, string | undefined> = { places: "settings", programs: "settings" };

function viewOf([place, ...rest]: readonly string[]): JSX.Element {
  switch (place) {
    case undefined:
      return <Tools />;
    case "tool":
      return <ToolView key={rest[0] ?? ""} id={rest[0] ?? ""} action={rest[1]} />;
    case "approvals":
      return <Approvals />;
    case "accounts":
      return <Accounts />;
    case "history":
      return <History />;
    case "settings":
      return <Settings />;
    case "places":
      return <SavedPlaces />;
    case "programs":
      return <Programs />;
    default:
      return (
        <>
          <h1>Nowhere</h1>
          <Empty sign="search" title="There is nothing here">
            The address may be from an older page. <a href={linkTo()}>To the tools</a>
          </Empty>
        </>
      );
  }
}

function Page() {
  const place = route.value[0] === "tool" ? undefined : route.value[0];
  const waiting = approvals.value.length;
  const path = route.value.join("/");
  const entered = useRef(path);
  useEffect(() => {
    scrollTo(0, 0);
    // What was pressed may be gone: whoever uses a keyboard or a screen reader goes on at the new content.
    if (entered.current !== path) document.getElementById("content")?.focus({ preventScroll: true });
    entered.current = path;
  }, [path]);
  useEffect(() => {
    document.title = `${waiting > 0 ? `(${waiting}) ` : ""}${titleOf(route.value)} – mcqueen`;
  }, [path, waiting]);
  return (
    <>
      <button type="button" class="skip" onClick={skip}>
        To the content
      </button>
      <nav class="places" aria-label="Places">
        <p class="brand">
          <img src="/web/icon.svg" alt="" width="36" height="36" /> mcqueen
        </p>
        {places.map(([words, name, sign]) => {
          const isHere = words[0] === (above[place ?? ""] ?? place);
          return (
            <a key={name} href={linkTo(...words)} aria-current={isHere ? "page" : undefined}>
              <span class="sign">
                <Icon of={sign} size={22} />
              </span>
              <span class="label">{name}</span>
              {name === "Approvals" && waiting > 0 && (
                <span class="badge">
                  {waiting}
                  <span class="hidden"> waiting</span>
                </span>
              )}
            </a>
          );
        })}
      </nav>
      <div class="beside">
        {!isReachable.value && (
          <p class="offline" role="status">
            Your computer does not answer. It is tried again by itself.
          </p>
        )}
        {waiting > 0 && place !== "approvals" && (
          <p class="asks" role="status">
            <a href={linkTo("approvals")}>
              {waiting === 1 ? "Something waits" : `${waiting} things wait`} for your yes or no. Look →
            </a>
          </p>
        )}
        <main id="content" tabIndex={-1}>
          {viewOf(route.value)}
        </main>
      </div>
    </>
  );
}

/** A button, since the hash is where one is and the usual link to an element would lead elsewhere. */
function skip(): void {
  document.getElementById("content")?.focus();
}

function Root() {
  useEffect(() => {
    if (!session.value) document.title = "mcqueen";
  }, [session.value]);
  return session.value ? <Page /> : <Entrance />;
}

showTheme();
watchRoute();
let stop = new AbortController();
effect(() => {
  stop.abort();
  stop = new AbortController();
  if (session.value) void follow(stop.signal);
  else {
    approvals.value = [];
    forgetResults();
  }
});
if (!session.value && pairing.value && location.pathname !== "/pair") void renew();
const page = document.getElementById("page");
if (page) {
  page.replaceChildren();
  render(<Root />, page);
}
// Browsers refuse this over a certificate that they do not trust; the page works without it.
if ("serviceWorker" in navigator) navigator.serviceWorker.register("/worker.js").catch(() => undefined);
