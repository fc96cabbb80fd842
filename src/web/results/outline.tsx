import { labelOf } from "../form/field-kind.ts";
import { isRecord, Text } from "./parts.tsx";

const deepest = 6;
const mostItems = 100;

/** Anything, as names and values: for results that have no view of their own. */
export function Outline({ of, depth = 0 }: { of: unknown; depth?: number }) {
  if (Array.isArray(of)) {
    if (of.length === 0) return <span class="dim">none</span>;
    if (depth >= deepest) return <span>{of.length} values</span>;
    return (
      <ul class="outline">
        {of.slice(0, mostItems).map((item, at) => (
          <li key={at}>
            <Outline of={item} depth={depth + 1} />
          </li>
        ))}
        {of.length > mostItems && <li class="dim">and {of.length - mostItems} more</li>}
      </ul>
    );
  }
  if (!isRecord(of)) return <Text of={typeof of === "boolean" ? (of ? "yes" : "no") : of} />;
  const known = Object.entries(of).filter(([, value]) => value !== undefined && value !== null);
  if (depth >= deepest) return <span>{known.length} values</span>;
  return (
    <dl class="facts">
      {known.slice(0, mostItems).map(([name, value]) => (
        <div key={name}>
          <dt>
            <Text of={labelOf(name)} />
          </dt>
          <dd>
            <Outline of={value} depth={depth + 1} />
          </dd>
        </div>
      ))}
    </dl>
  );
}
