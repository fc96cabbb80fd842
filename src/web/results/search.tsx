import { safeLink } from "../safe-link.ts";
import { Link, records, str, Text } from "./parts.tsx";

/** What a search found, each with where it lies. */
export function Search({ data }: { data: Record<string, unknown> }) {
  const results = records(data.results);
  if (results.length === 0) return <p>Nothing was found. Try other words.</p>;
  return (
    <ol class="rows found">
      {results.map((result, at) => (
        <li key={at}>
          <h3>
            <Link to={result.url}>
              <Text of={result.title} />
            </Link>
          </h3>
          <p class="dim clip">
            <Text of={URL.parse(safeLink(result.url) ?? "")?.host ?? str(result.url)} />
          </p>
          <p>
            <Text of={result.snippet} />
          </p>
        </li>
      ))}
    </ol>
  );
}
