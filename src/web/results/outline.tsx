import { labelOf } from "../form/field-kind.ts";
import { momentName } from "../when.ts";
import { isRecord, Text } from "./parts.tsx";

const deepest = 6;
const mostItems = 100;

interface OutlineProps {
  of: unknown;
  depth?: number;
  /** Moments in words, by this phone's clock: never where exactly the value is asked about. */
  eased?: boolean;
}

/** Anything, as names and values: for results that have no view of their own. */
export function Outline({ of, depth = 0, eased = false }: OutlineProps) {
  if (Array.isArray(of)) {
    if (of.length === 0) return <span class="dim">none</span>;
    if (depth >= deepest) return <span>{of.length} values</span>;
    return (
      <ul class="outline">
        {of.slice(0, mostItems).map((item, at) => (
          <li key={at}>
            <Outline of={item} depth={depth + 1} eased={eased} />
          </li>
        ))}
        {of.length > mostItems && <li class="dim">and {of.length - mostItems} more</li>}
      </ul>
    );
  }
  if (!isRecord(of)) return <Text of={eased && isMoment(of) ? momentName(of) : yesOrNo(of)} />;
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
            <Outline of={value} depth={depth + 1} eased={eased} />
          </dd>
        </div>
      ))}
    </dl>
  );
}

const isMoment = (value: unknown): value is string =>
  typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:[\d.]+(Z|[+-]\d\d:\d\d)$/.test(value);

const yesOrNo = (value: unknown): unknown => (typeof value === "boolean" ? (value ? "yes" : "no") : value);
