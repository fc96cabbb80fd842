import type { ComponentChildren } from "preact";
import { Icon, type Sign } from "./icons.tsx";

/** A place that holds nothing yet: what it is for, and what to do about it. */
export function Empty({ sign, title, children }: { sign: Sign; title: string; children: ComponentChildren }) {
  return (
    <div class="empty">
      <span class="sign">
        <Icon of={sign} size={30} />
      </span>
      <strong>{title}</strong>
      <p>{children}</p>
    </div>
  );
}
