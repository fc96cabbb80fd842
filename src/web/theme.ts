import { signal } from "@preact/signals";
import { keep, recall } from "./keep.ts";

export type Theme = "auto" | "light" | "dark";

export const theme = signal<Theme>(recall<Theme>("theme") ?? "auto");

/** Auto follows the phone. */
export function setTheme(next: Theme): void {
  theme.value = next;
  keep("theme", next === "auto" ? undefined : next);
  showTheme();
}

export function showTheme(): void {
  if (theme.value === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme.value;
}
