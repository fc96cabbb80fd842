import { Facts, isRecord, Link, records, str, Text } from "./parts.tsx";

/** Routes with their steps, or places. */
export function Maps({ data }: { data: Record<string, unknown> }) {
  if (Array.isArray(data.routes)) return <Routes data={data} />;
  const places = records(data.places ?? data.saved_places);
  if (places.length === 0) return <p>No place was found. Try other words, or another town.</p>;
  return (
    <ul class="rows">
      {places.map((place) => (
        <li key={str(place.id)}>
          <h3>
            <Text of={place.label ?? place.name} />
          </h3>
          <Facts
            of={[
              ["Where", place.address],
              ["How far", place.distance_text],
              ["Open", place.opening_hours],
              ["Note", place.note],
            ]}
          />
          <p class="links">
            {str(place.phone) && <Link to={`tel:${str(place.phone).replace(/[^+\d]/g, "")}`}>Call</Link>}
            {str(place.website) && <Link to={place.website}>Website</Link>}
            {str(place.url) && <Link to={place.url}>Map</Link>}
          </p>
        </li>
      ))}
    </ul>
  );
}

function Routes({ data }: { data: Record<string, unknown> }) {
  const named = (end: unknown): string => (isRecord(end) ? str(end.name) : "");
  return (
    <>
      <p>
        <Text of={named(data.origin)} /> → <Text of={named(data.destination)} />
      </p>
      {records(data.routes).map((route, at) => (
        <section key={at}>
          <h3>
            <Text of={route.duration_text} />, <Text of={route.distance_text} />
          </h3>
          <p>
            <Text of={route.summary} />
          </p>
          <p class="links">
            <Link to={route.map_url}>Open the map</Link>
          </p>
          {Array.isArray(route.warnings) && route.warnings.length > 0 && (
            <p class="warn">
              <Text of={route.warnings.join(" ")} />
            </p>
          )}
          <ol class="steps">
            {records(route.steps).map((step, index) => (
              <li key={index}>
                <span>
                  <Text of={step.instruction} />
                </span>
                <span class="dim">
                  <Text of={step.distance_text} />
                </span>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </>
  );
}
