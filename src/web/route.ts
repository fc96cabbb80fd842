import { signal } from "@preact/signals";

/** Where one is: the words after "#/", as "tool/notes/add". */
export const route = signal(read());

/** What a form opens with, when one came to it from elsewhere: never part of an address, which histories keep. */
export interface Prefill {
  tool: string;
  action: string;
  parameters: Record<string, unknown>;
  /** Run at once: for calls that only read. */
  run?: boolean;
}
export const prefill = signal<Prefill | undefined>(undefined);

function read(): string[] {
  const path = location.hash.startsWith("#/") ? location.hash.slice(2) : "";
  return path.split("/").filter(Boolean).map(decodeSafely);
}

function decodeSafely(word: string): string {
  try {
    return decodeURIComponent(word);
  } catch {
    return word;
  }
}

export const linkTo = (...words: string[]): string => `#/${words.map(encodeURIComponent).join("/")}`;

/** Opens the form of an action with values in it. */
export function open(next: Prefill): void {
  prefill.value = next;
  const target = linkTo("tool", next.tool, next.action);
  if (location.hash === target) route.value = [...route.value];
  else location.hash = target;
}

export function watchRoute(): void {
  addEventListener("hashchange", () => {
    route.value = read();
  });
}
