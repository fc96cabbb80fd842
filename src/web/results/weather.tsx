import { clockOf, dayName } from "../when.ts";
import { Facts, isRecord, records, str, Text } from "./parts.tsx";

const degrees = (value: unknown): string =>
  typeof value === "number" ? `${Math.round(value)}°`.replace("-", "−") : "–";

/** The weather now, and a row for each day. */
export function Weather({ data }: { data: Record<string, unknown> }) {
  const now = isRecord(data.current) ? data.current : {};
  const units = isRecord(data.unit_labels) ? data.unit_labels : {};
  return (
    <section>
      <h3>
        <Text of={data.location} />
      </h3>
      <p class="now">
        <span class="symbol" aria-hidden="true">
          {str(now.symbol)}
        </span>
        <strong>{degrees(data.temperature)}</strong>
        <span>
          <Text of={data.condition} />
        </span>
      </p>
      <Facts
        tiles
        of={[
          ["Feels like", now.feels_like === undefined ? undefined : degrees(now.feels_like)],
          ["Humidity", data.humidity],
          ["Wind", now.wind_speed === undefined ? undefined : `${now.wind_speed} ${str(units.wind_speed)}`],
          ["Local time", clockOf(str(now.time))],
        ]}
      />
      <ul class="days forecast">
        {records(data.daily).map((day) => (
          <li key={str(day.date)}>
            <span>{dayName(str(day.date))}</span>
            <span class="symbol" aria-hidden="true">
              {str(day.symbol)}
            </span>
            <span class="grow">
              <Text of={day.condition} />
              {typeof day.precipitation_probability === "number" && (
                <span class="dim block">{day.precipitation_probability} % rain</span>
              )}
            </span>
            <span class="count">
              {degrees(day.temperature_min)} to {degrees(day.temperature_max)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
