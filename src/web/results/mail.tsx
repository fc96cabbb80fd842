import { open } from "../route.ts";
import { momentName } from "../when.ts";
import { Facts, isRecord, records, SaveButton, str, Text } from "./parts.tsx";

interface MailProps {
  tool: string;
  data: Record<string, unknown>;
  parameters: Record<string, unknown>;
}

/** A list of mails, one mail, a conversation, a file of one, or what was sent. */
export function Mail({ tool, data, parameters }: MailProps) {
  if (isRecord(data.attachment)) return <SavedFile file={data.attachment} />;
  if (typeof data.text === "string") return <Message tool={tool} message={data} />;
  const messages = records(data.messages);
  if (messages.length > 0 && typeof messages[0]?.text === "string") {
    return (
      <>
        {messages.map((message) => (
          <Message key={str(message.id)} tool={tool} message={message} />
        ))}
      </>
    );
  }
  if (Array.isArray(data.messages)) return <MailList tool={tool} data={data} parameters={parameters} />;
  if (Array.isArray(data.labels)) {
    return (
      <ul class="chips">
        {records(data.labels).map((label) => (
          <li key={str(label.id)}>
            <Text of={label.name} />
          </li>
        ))}
      </ul>
    );
  }
  return <p class="good">Sent.</p>;
}

function MailList({ tool, data, parameters }: MailProps) {
  const messages = records(data.messages);
  const { next_page: next } = data;
  if (messages.length === 0) return <p>No mail was found. Try fewer words.</p>;
  const read = (message: Record<string, unknown>): void =>
    open({ tool, action: "read", parameters: { message_id: message.id }, run: true });
  return (
    <>
      <ul class="rows">
        {messages.map((message) => (
          <li key={str(message.id)}>
            <button type="button" class={message.unread ? "row unread" : "row"} onClick={() => read(message)}>
              <span class="row-head">
                <span class="grow clip from">
                  <Text of={senderOf(str(message.from))} />
                </span>
                <span class="dim">{momentName(str(message.date))}</span>
              </span>
              <span class="clip subject">
                {message.unread === true && <span class="hidden">Unread: </span>}
                <Text of={message.subject || "(no subject)"} />
              </span>
              <span class="clip dim">
                <Text of={message.snippet} />
              </span>
            </button>
          </li>
        ))}
      </ul>
      {typeof next === "string" && (
        <button
          type="button"
          onClick={() => open({ tool, action: "search", parameters: { ...parameters, page_token: next }, run: true })}
        >
          More
        </button>
      )}
    </>
  );
}

/** The name in "Ada <ada@example.com>", or the address: a list has room for one, the mail itself shows both. */
const senderOf = (from: string): string => /^\s*"?([^"<]+?)"?\s*</.exec(from)?.[1] ?? from;

function Message({ tool, message }: { tool: string; message: Record<string, unknown> }) {
  const headers = isRecord(message.headers) ? message.headers : {};
  const header = (name: string): unknown => Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1];
  const fetchFile = (id: unknown): void =>
    open({ tool, action: "read", parameters: { message_id: message.id, attachment_id: id }, run: true });
  return (
    <article>
      <h3>
        <Text of={header("subject") || "(no subject)"} />
      </h3>
      <Facts
        of={[
          ["From", header("from")],
          ["To", header("to")],
          ["Date", momentName(str(message.date))],
        ]}
      />
      <p class="letter">
        <Text of={message.text} />
      </p>
      {message.truncated === true && <p class="warn">This mail is longer than what is shown.</p>}
      <div class="buttons">
        <button type="button" onClick={() => open(answerTo(tool, message, header("from")))}>
          Answer
        </button>
        {records(message.attachments).map((file) => (
          <button key={str(file.id)} type="button" onClick={() => fetchFile(file.id)}>
            Get <Text of={file.name} />
          </button>
        ))}
      </div>
    </article>
  );
}

const answerTo = (tool: string, message: Record<string, unknown>, from: unknown) => ({
  tool,
  action: "send",
  parameters: { reply_to: message.id, ...(typeof from === "string" ? { to: [from] } : {}) },
});

/** A file always comes as a download: it is never shown in the page. */
function SavedFile({ file }: { file: Record<string, unknown> }) {
  const bytes = Uint8Array.from(atob(str(file.content).replaceAll("-", "+").replaceAll("_", "/")), (sign) =>
    sign.charCodeAt(0),
  );
  return (
    <SaveButton name={str(file.name) || "file"} type="application/octet-stream" content={bytes}>
      Save <Text of={file.name} /> ({bytes.length} bytes)
    </SaveButton>
  );
}
