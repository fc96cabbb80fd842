import type { ComponentChildren } from "preact";
import { plain, safeLink, shorten } from "../safe-link.ts";

const longest = 20_000;

/** Text from elsewhere, as text: without signs that hide or turn it, and never longer than a phone can bear. */
export function Text({ of }: { of: unknown }) {
  if (of === undefined || of === null) return null;
  return <bdi>{shorten(plain(String(of)), longest)}</bdi>;
}

/** A link to elsewhere, where its address may be opened; otherwise its words alone. */
export function Link({ to, children }: { to: unknown; children: ComponentChildren }) {
  const href = safeLink(to);
  if (href === undefined) return <span>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {children}
    </a>
  );
}

/** Names and values; what has no value is left out. */
export function Facts({ of, tiles }: { of: readonly (readonly [name: string, value: unknown])[]; tiles?: boolean }) {
  const known = of.filter(([, value]) => value !== undefined && value !== null && value !== "");
  if (known.length === 0) return null;
  return (
    <dl class={tiles ? "facts tiles" : "facts"}>
      {known.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <Text of={value} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Hands a text over as a file. */
export function SaveButton({ name, type, content, children }: SaveProps) {
  const save = (): void => {
    const url = URL.createObjectURL(new Blob([content], { type }));
    const link = document.createElement("a");
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  };
  return (
    <button type="button" onClick={save}>
      {children}
    </button>
  );
}

interface SaveProps {
  name: string;
  type: string;
  content: string | Uint8Array<ArrayBuffer>;
  children: ComponentChildren;
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const records = (value: unknown): Record<string, unknown>[] =>
  Array.isArray(value) ? value.filter(isRecord) : [];

export const str = (value: unknown): string => (typeof value === "string" ? value : "");
