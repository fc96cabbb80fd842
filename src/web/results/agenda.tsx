import { clockOf, dayName } from "../when.ts";
import { Facts, isRecord, Link, records, str, Text } from "./parts.tsx";

type Event = Record<string, unknown>;

/** Events by day, one event in full, or when people are busy. */
export function Agenda({ data }: { data: Record<string, unknown> }) {
  if (isRecord(data.event)) return <EventCard event={data.event} isGone={data.status === "deleted"} />;
  if (Array.isArray(data.calendars)) return <FreeBusy data={data} />;
  const events = records(data.events);
  if (events.length === 0) return <p>Nothing is on.</p>;
  const days = Map.groupBy(events, ({ start }) => str(start).slice(0, 10));
  return (
    <>
      {[...days]
        .sort(([a], [b]) => a.localeCompare(b))
        .map(([day, these]) => (
          <section key={day}>
            <h3>{dayName(day)}</h3>
            <ul class="days">
              {these.toSorted(byStart).map((event) => (
                <li key={str(event.id)}>
                  <span class="hours">{hoursOf(event)}</span>
                  <span class="grow">
                    <Text of={event.title ?? "(no title)"} />
                    <span class="dim block">
                      <Text of={event.location} />
                    </span>
                  </span>
                </li>
              ))}
            </ul>
          </section>
        ))}
      <p class="dim">
        Times are in <Text of={events[0]?.time_zone} />.
      </p>
    </>
  );
}

const byStart = (a: Event, b: Event): number =>
  Number(b.all_day) - Number(a.all_day) || str(a.start).localeCompare(str(b.start));

const hoursOf = ({ start, end, all_day: allDay }: Event): string =>
  allDay ? "all day" : `${clockOf(str(start))}–${clockOf(str(end))}`;

function EventCard({ event, isGone }: { event: Event; isGone: boolean }) {
  const guests = records(event.attendees).map(({ email, name }) => str(name) || str(email));
  return (
    <article>
      <h3>
        <Text of={event.title ?? "(no title)"} />
        {isGone && " (deleted)"}
      </h3>
      <Facts
        of={[
          ["When", `${dayName(str(event.start))}, ${hoursOf(event)} (${str(event.time_zone)})`],
          ["Where", event.location],
          ["Guests", guests.join(", ")],
          ["About", event.description],
          ["Id", event.id],
        ]}
      />
      <p class="links">
        {str(event.meeting_link) && <Link to={event.meeting_link}>Join</Link>}
        {str(event.link) && <Link to={event.link}>Open the calendar</Link>}
      </p>
    </article>
  );
}

function FreeBusy({ data }: { data: Record<string, unknown> }) {
  return (
    <>
      {records(data.calendars).map((calendar) => (
        <section key={str(calendar.id)}>
          <h3>{calendar.id === "primary" ? "You are busy" : <Text of={`${str(calendar.id)} is busy`} />}</h3>
          <Stretches of={calendar.busy} none="free all the time" />
        </section>
      ))}
      {Array.isArray(data.free) && (
        <section>
          <h3>Everyone is free</h3>
          <Stretches of={data.free} none="at no time" />
        </section>
      )}
    </>
  );
}

/** "09:30–10:00", with the day of its end where that is another one. */
function stretchOf({ start, end }: Event): string {
  const isSameDay = str(start).slice(0, 10) === str(end).slice(0, 10);
  return `${clockOf(str(start))}${isSameDay ? "–" : ` to ${dayName(str(end))}, `}${clockOf(str(end))}`;
}

function Stretches({ of, none }: { of: unknown; none: string }) {
  const all = records(of);
  if (all.length === 0) return <p>{none}</p>;
  const days = Map.groupBy(all, ({ start }) => str(start).slice(0, 10));
  return (
    <ul class="days">
      {[...days].map(([day, these]) => (
        <li key={day}>
          <span class="hours">{dayName(day)}</span>
          <span class="grow">
            {these.map((each) => (
              <span key={str(each.start)} class="block">
                {stretchOf(each)}
              </span>
            ))}
          </span>
        </li>
      ))}
    </ul>
  );
}
