import type { JSX } from "preact";
import { Agenda } from "./agenda.tsx";
import { Booking } from "./booking.tsx";
import { Channels, Conversation } from "./conversation.tsx";
import { Mail } from "./mail.tsx";
import { Maps } from "./maps.tsx";
import { Outline } from "./outline.tsx";
import { isRecord, Link, str, Text } from "./parts.tsx";
import { Search } from "./search.tsx";
import { Weather } from "./weather.tsx";

export interface ShownResult {
  tool: string;
  action: string;
  parameters: Record<string, unknown>;
  data: unknown;
  metadata: Record<string, unknown>;
}

type View = (shown: ShownResult & { data: Record<string, unknown> }) => JSX.Element;

/** How results look to people, by tool. A tool without a view is shown as an outline. */
const views: Record<string, View> = {
  get_weather: ({ data }) => <Weather data={data} />,
  calendar_personal: ({ data }) => <Agenda data={data} />,
  email_personal: ({ tool, data, parameters }) => <Mail tool={tool} data={data} parameters={parameters} />,
  maps_hybrid: ({ data }) => <Maps data={data} />,
  web_search: ({ data }) => <Search data={data} />,
  slack_personal: ({ data }) =>
    Array.isArray(data.channels) ? <Channels data={data} /> : <Conversation data={data} />,
  whatsapp_personal: ({ data }) => <Conversation data={data} />,
  book_restaurant_public: ({ tool, data }) => <Booking tool={tool} data={data} />,
};

/** What a call came to, and where it is from. */
export function Result({ shown }: { shown: ShownResult }) {
  const { tool, data, metadata } = shown;
  const view = views[tool];
  const { attribution, provider, source_url: source } = metadata;
  return (
    <div class="result">
      {metadata.sandbox === true && <p class="sandbox">Sandbox: invented data; nothing was done.</p>}
      {view && isRecord(data) ? view({ ...shown, data }) : <Outline of={data} eased />}
      {(attribution || provider) && (
        <p class="dim source">
          <Link to={source}>
            <Text of={str(attribution) || `By ${str(provider)}`} />
          </Link>
        </p>
      )}
    </div>
  );
}
