import { momentName } from "../when.ts";
import { Link, records, str, Text } from "./parts.tsx";

type Message = Record<string, unknown>;

/** Messages of Slack or WhatsApp, or what was sent. */
export function Conversation({ data }: { data: Record<string, unknown> }) {
  const messages = records(data.messages);
  if (!Array.isArray(data.messages)) {
    return <p class="good">Sent. {str(data.permalink) && <Link to={data.permalink}>Look at it</Link>}</p>;
  }
  if (messages.length === 0) return <p>There are no messages.</p>;
  return (
    <ul class="rows">
      {messages.map((message) => (
        <li key={str(message.ts) || str(message.message_id) || str(message.at)}>
          <p class="row-head">
            <strong class="grow">
              <Text of={whoOf(message)} />
            </strong>
            <span class="dim">{momentName(str(message.at))}</span>
          </p>
          <p class="said">
            <Text of={str(message.text) || (str(message.kind) && `[${str(message.kind)}]`)} />
          </p>
          <p class="dim">
            <Text of={[message.status, message.failure].filter(Boolean).join(", ")} />
          </p>
        </li>
      ))}
    </ul>
  );
}

const whoOf = ({ user, direction, name, contact }: Message): unknown =>
  user ?? (direction === "out" ? `You to ${str(contact)}` : (name ?? contact));
