import { open } from "../route.ts";
import { dayName } from "../when.ts";
import { Facts, isRecord, Link, records, SaveButton, str, Text } from "./parts.tsx";

type Booked = Record<string, unknown>;

/** One booking with what is left to do, or all of them. */
export function Booking({ tool, data }: { tool: string; data: Record<string, unknown> }) {
  if (!Array.isArray(data.bookings)) return <BookingCard tool={tool} booking={data} />;
  const bookings = records(data.bookings);
  if (bookings.length === 0) return <p>No table is booked.</p>;
  return (
    <ul class="rows">
      {bookings.map((booking) => (
        <li key={str(booking.booking_id)}>
          <BookingCard tool={tool} booking={booking} />
        </li>
      ))}
    </ul>
  );
}

const states: Record<string, string> = { handoff: "yours to finish" };

function BookingCard({ tool, booking }: { tool: string; booking: Booked }) {
  const venue = isRecord(booking.venue) ? booking.venue : {};
  const handoff = isRecord(booking.handoff) ? booking.handoff : {};
  const mail = isRecord(handoff.mail) ? handoff.mail : undefined;
  const { status, ics, booking_id: id } = booking;
  const isOpen = status === "confirmed" || status === "pending" || status === "handoff";
  const at = (action: string) => open({ tool, action, parameters: { booking_id: id }, run: action === "show" });
  return (
    <article>
      <h3>
        <Text of={booking.restaurant_name} />{" "}
        <span class={`state ${str(status)}`}>{states[str(status)] ?? str(status)}</span>
      </h3>
      <p>
        <Text of={booking.message} />
      </p>
      <Facts
        of={[
          ["When", `${dayName(str(booking.date))} at ${str(booking.time)}`],
          ["Table for", booking.party_size],
          ["Confirmation", booking.confirmation_number],
          ["Where", venue.address],
          ["Open", venue.opening_hours],
          ["Notes", booking.notes],
          ["Why", booking.reason],
          ["Id", id],
        ]}
      />
      {Array.isArray(booking.warnings) && booking.warnings.length > 0 && (
        <p class="warn">
          <Text of={booking.warnings.join(" ")} />
        </p>
      )}
      <p class="links">
        {records(handoff.links).map((link) => (
          <Link key={str(link.url)} to={link.url}>
            <Text of={link.name} />
          </Link>
        ))}
        {str(handoff.phone_url) && <Link to={handoff.phone_url}>Call {str(handoff.phone)}</Link>}
        {mail && <Link to={mail.url}>Write a mail</Link>}
      </p>
      <div class="buttons">
        {typeof ics === "string" && (
          <SaveButton name={`${str(id)}.ics`} type="text/calendar" content={ics}>
            Add to a calendar (.ics)
          </SaveButton>
        )}
        {typeof ics !== "string" && isOpen && (
          <button type="button" onClick={() => at("show")}>
            Show
          </button>
        )}
        {isOpen && (
          <button type="button" onClick={() => at("cancel")}>
            Cancel this table…
          </button>
        )}
      </div>
    </article>
  );
}
