import { signal } from "@preact/signals";
import { keep, recall } from "./keep.ts";
import { understandYes } from "./yes-or-no.ts";

interface Recognition extends EventTarget {
  lang: string;
  interimResults: boolean;
  start(): void;
  abort(): void;
}
type Heard = Event & { results: ArrayLike<ArrayLike<{ transcript: string }>> };
type Speaking = { SpeechRecognition?: new () => Recognition; webkitSpeechRecognition?: new () => Recognition };

/** Whether questions are read aloud. */
export const readsAloud = signal(recall<boolean>("voice") ?? true);

export function setReadsAloud(on: boolean): void {
  readsAloud.value = on;
  keep("voice", on);
  if (!on) hush();
}

export const canSpeak = (): boolean => "speechSynthesis" in window;

const recogniser = (): (new () => Recognition) | undefined => {
  const { SpeechRecognition, webkitSpeechRecognition } = window as unknown as Speaking;
  return SpeechRecognition ?? webkitSpeechRecognition;
};
export const canListen = (): boolean => recogniser() !== undefined;

/** Reads a text aloud; done when it was said, or cannot be. */
export function say(text: string): Promise<void> {
  if (!canSpeak() || !readsAloud.value) return Promise.resolve();
  hush();
  return new Promise((resolve) => {
    const spoken = new SpeechSynthesisUtterance(text);
    spoken.lang = "en";
    spoken.addEventListener("end", () => resolve());
    spoken.addEventListener("error", () => resolve());
    speechSynthesis.speak(spoken);
  });
}

export function hush(): void {
  if (canSpeak()) speechSynthesis.cancel();
}

/** Listens for one sentence. @returns undefined when nothing was heard or the microphone is not allowed */
export function listen(stop: AbortSignal): Promise<string | undefined> {
  const Recogniser = recogniser();
  if (!Recogniser) return Promise.resolve(undefined);
  return new Promise((resolve) => {
    const ears = new Recogniser();
    ears.lang = "en";
    ears.interimResults = false;
    ears.addEventListener("result", (event) => resolve((event as Heard).results[0]?.[0]?.transcript));
    ears.addEventListener("error", () => resolve(undefined));
    ears.addEventListener("end", () => resolve(undefined));
    stop.addEventListener("abort", () => ears.abort(), { once: true });
    ears.start();
  });
}

/** Listens for yes or no. */
export async function listenForYes(stop: AbortSignal): Promise<boolean | undefined> {
  const heard = await listen(stop);
  return heard === undefined ? undefined : understandYes(heard);
}
