import { open } from "../route.ts";
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

/** Channels of Slack; each opens what was said in it. */
export function Channels({ data }: { data: Record<string, unknown> }) {
  const channels = records(data.channels);
  if (channels.length === 0) return <p>There are no channels that this account sees.</p>;
  const read = (channel: unknown): void =>
    open({ tool: "slack_personal", action: "read", parameters: { channel }, run: true });
  return (
    <ul class="rows">
      {channels.map((channel) => (
        <li key={str(channel.id)}>
          <button type="button" class="row" onClick={() => read(channel.id)}>
            <span class="row-head">
              <strong class="grow">
                <Text of={`#${str(channel.name)}`} />
              </strong>
              {channel.is_member === true && <span class="state">joined</span>}
            </span>
            <span class="dim">
              <Text of={str(channel.topic) || str(channel.purpose)} />
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

const whoOf = ({ user, direction, name, contact }: Message): unknown =>
  user ?? (direction === "out" ? `You to ${str(contact)}` : (name ?? contact));
