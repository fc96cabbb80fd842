import { type TSchema, Type } from "@sinclair/typebox";

export interface SettingDefinition {
  schema: TSchema;
  about: string;
  default?: string;
  /** Masked wherever it is shown, kept apart from the config file, never taken from an argument. */
  secret?: true;
  /** Opens the vault, so it cannot be kept in it. */
  keptElsewhere?: true;
  /** Guards against programs, so once it is set, changing it wants a person at a terminal. */
  guarded?: true;
  /** Its first value may already let more through, so that wants a person too. */
  loosens?: true;
}

const text = Type.String({ minLength: 1 });
const port = Type.Integer({ minimum: 0, maximum: 65_535 });
const count = Type.Integer({ minimum: 1, maximum: 1_000_000_000 });
const flag = Type.Boolean();
const key = Type.String({ format: "256-bit-key" });
const url = Type.String({ format: "http-url" });
const oneOf = (...values: string[]): TSchema => Type.Union(values.map((value) => Type.Literal(value)));

const upstream = (name: string, base: string): SettingDefinition => ({
  schema: url,
  about: `Base URL of ${name}`,
  default: base,
});

/** Every setting there is. A name that is not here is refused. */
export const settingsTable = {
  PORT: { schema: port, about: "Port of the daemon", default: "3001" },
  HOST: { schema: text, about: "Address that the daemon binds to", default: "127.0.0.1" },
  PUBLIC_URL: { schema: url, about: "Address under which others reach the daemon, behind a proxy of yours" },
  ALLOWED_HOSTS: {
    schema: text,
    about: "Further host names (host or host:port) that the daemon answers to, separated by commas",
  },
  TRUSTED_PROXIES: {
    schema: text,
    about: "Addresses or ranges whose X-Forwarded-For is believed, separated by commas",
  },
  NODE_ENV: { schema: text, about: "Accepted for compatibility; changes nothing" },
  LOG_LEVEL: {
    schema: oneOf("silent", "error", "warn", "info", "debug", "trace"),
    about: "How much is logged",
    default: "info",
  },
  LOG_FILE: { schema: text, about: "Log file of the daemon; default: logs/daemon.log" },
  LOG_FORMAT: { schema: oneOf("pretty", "json"), about: "Form of log lines on a terminal", default: "pretty" },
  ALLOWED_ORIGINS: {
    schema: text,
    about: "Web origins that may call the daemon, separated by commas",
    default: "http://localhost:3000",
  },
  RATE_LIMIT_WINDOW: { schema: count, about: "Milliseconds of the rate limits' window", default: "900000" },
  RATE_LIMIT_MAX: { schema: count, about: "Requests a window and address, without a valid credential", default: "100" },
  RATE_LIMIT_SESSION_MAX: { schema: count, about: "Requests a window and credential", default: "1000" },
  LOGIN_RATE_MAX: {
    schema: count,
    about: "Login tries a minute and address; failures beyond it wait ever longer",
    default: "5",
  },
  AUTH_AUTO_PROVISION: {
    schema: flag,
    about: "Make a member of an unknown user who brings a valid login token",
    default: "true",
  },
  JWT_SECRET: {
    schema: Type.String({ minLength: 32 }),
    about: "Secret that signs login tokens, at least 32 bytes; made when absent",
    secret: true,
  },
  ENCRYPTION_KEY: {
    schema: key,
    about: "Master key of the vault: 32 characters, 64 hex digits, or base64 of 32 bytes",
    secret: true,
    keptElsewhere: true,
  },
  ENCRYPTION_KEY_PREVIOUS: {
    schema: key,
    about: "The master key before it, while mcqueen vault rotate moves to the new one",
    secret: true,
    keptElsewhere: true,
  },
  VAULT_KEY: {
    schema: oneOf("auto", "environment", "keychain", "file"),
    about: "Where a new master key lies; auto takes ENCRYPTION_KEY, else the system's keychain, else a file",
    default: "auto",
  },
  MCQUEEN_SERVER: { schema: url, about: "Daemon elsewhere that commands use; set by mcqueen connect" },
  MCQUEEN_TOKEN: { schema: text, about: "Token for that daemon", secret: true },
  CONTACT_URL: { schema: text, about: "Your contact address, told to the public services that ask for one" },
  READ_ONLY: { schema: flag, about: "Refuse every write and destructive action", default: "false", guarded: true },
  TOOLS_ALLOW: {
    schema: text,
    about: "The only tools that may run, separated by commas; empty means all",
    guarded: true,
  },
  TOOLS_DENY: { schema: text, about: "Tools that may not run, separated by commas", guarded: true },
  POLICY: {
    schema: Type.String({ format: "policy" }),
    about: "Tightens what a door may do, such as rest.write=approve, *.destructive=deny",
    guarded: true,
  },
  AGENT_WRITES: {
    schema: oneOf("ask", "approve", "deny"),
    about: "What a write of an agent needs: ask lets the agent's own program ask you, approve wants you elsewhere",
    default: "approve",
    guarded: true,
    loosens: true,
  },
  MCP_TOOLS: {
    schema: text,
    about: "The only tools that agents are shown, separated by commas; empty means all",
    guarded: true,
  },
  APPROVAL_WAIT_S: {
    schema: Type.Integer({ minimum: 0, maximum: 300 }),
    about: "Seconds that an agent's call stays open for an approval or a login",
    default: "45",
  },
  APPROVAL_MINUTES: { schema: count, about: "Minutes that an approval waits for a person", default: "15" },
  AUDIT_DAYS: { schema: count, about: "Days that the audit is kept", default: "400", guarded: true },
  NOTES_BASE_URL: { schema: url, about: "Base URL of the sandbox's notes; only the sandbox has them" },
  WEATHER_API_KEY: { schema: text, about: "Key of OpenWeather; then it answers first", secret: true },
  WEATHER_BASE_URL: upstream("Open-Meteo's forecast", "https://api.open-meteo.com"),
  WEATHER_GEOCODING_BASE_URL: upstream("Open-Meteo's geocoding", "https://geocoding-api.open-meteo.com"),
  METNO_BASE_URL: upstream("MET Norway", "https://api.met.no"),
  OPENWEATHER_BASE_URL: upstream("OpenWeather", "https://api.openweathermap.org"),
  CALCOM_BASE_URL: upstream("Cal.com", "https://api.cal.com"),
  NOMINATIM_BASE_URL: upstream("Nominatim, the search of OpenStreetMap", "https://nominatim.openstreetmap.org"),
  OSRM_BASE_URL: upstream("OSRM for cars", "https://router.project-osrm.org"),
  OSRM_FOOT_BASE_URL: upstream("OSRM on foot", "https://routing.openstreetmap.de/routed-foot"),
  OSRM_BIKE_BASE_URL: upstream("OSRM for bicycles", "https://routing.openstreetmap.de/routed-bike"),
  GOOGLE_MAPS_API_KEY: {
    schema: text,
    about: "Key of Google's Routes and Places; then they answer first",
    secret: true,
  },
  GOOGLE_ROUTES_BASE_URL: upstream("Google Routes", "https://routes.googleapis.com"),
  GOOGLE_PLACES_BASE_URL: upstream("Google Places", "https://places.googleapis.com"),
  SEARXNG_URL: { schema: url, about: "Address of your SearXNG, with JSON among its formats; then it answers first" },
  SEARCH_API_KEY: { schema: text, about: "Key of Tavily (tvly-…) or Brave Search", secret: true },
  SEARCH_PROVIDER: {
    schema: oneOf("tavily", "brave"),
    about: "Whose key SEARCH_API_KEY is, where its beginning does not tell",
  },
  TAVILY_BASE_URL: upstream("Tavily", "https://api.tavily.com"),
  BRAVE_BASE_URL: upstream("Brave Search", "https://api.search.brave.com"),
  WIKIPEDIA_BASE_URL: upstream("Wikipedia, whose language it decides", "https://en.wikipedia.org"),
  GOOGLE_CLIENT_ID: {
    schema: text,
    about: "Client id of your Google app; mcqueen login google --client-file keeps it",
    secret: true,
  },
  GOOGLE_CLIENT_SECRET: { schema: text, about: "Client secret of that app; desktop apps have one too", secret: true },
  GOOGLE_CLIENT_TYPE: { schema: oneOf("desktop", "web"), about: "Kind of that app", default: "desktop" },
  GOOGLE_ACCOUNTS_BASE_URL: upstream("Google's login pages", "https://accounts.google.com"),
  GOOGLE_OAUTH_BASE_URL: upstream("Google's tokens", "https://oauth2.googleapis.com"),
  GOOGLE_API_BASE_URL: upstream("Google's account information", "https://www.googleapis.com"),
  GMAIL_BASE_URL: upstream("Gmail", "https://gmail.googleapis.com"),
  GOOGLE_CALENDAR_BASE_URL: upstream("Google Calendar", "https://www.googleapis.com"),
  SLACK_BOT_TOKEN: { schema: text, about: "Token of a Slack bot, xoxb-…, for the owner alone", secret: true },
  SLACK_CLIENT_ID: { schema: text, about: "Client id of your Slack app, for logins of persons", secret: true },
  SLACK_CLIENT_SECRET: { schema: text, about: "Client secret of that app", secret: true },
  SLACK_BASE_URL: upstream("Slack", "https://slack.com"),
  WHATSAPP_API_TOKEN: {
    schema: text,
    about: "Token for your WhatsApp business number, for the owner alone",
    secret: true,
  },
  WHATSAPP_PHONE_NUMBER_ID: {
    schema: Type.String({ pattern: "^[0-9]{5,20}$" }),
    about: "Id of that number, as Meta's console gives it; not the number itself",
  },
  WHATSAPP_APP_SECRET: {
    schema: text,
    about: "App secret of your Meta app, which signs incoming messages",
    secret: true,
  },
  WHATSAPP_VERIFY_TOKEN: {
    schema: text,
    about: "A word of your own that Meta repeats when you enter the webhook's address",
    secret: true,
  },
  WHATSAPP_API_VERSION: {
    schema: Type.String({ pattern: "^v[0-9]{1,3}[.][0-9]$" }),
    about: "Version of Meta's Graph API",
    default: "v24.0",
  },
  WHATSAPP_BASE_URL: upstream("WhatsApp's Cloud API", "https://graph.facebook.com"),
  LINKEDIN_CLIENT_ID: { schema: text, about: "Client id of your LinkedIn app", secret: true },
  LINKEDIN_CLIENT_SECRET: { schema: text, about: "Client secret of that app", secret: true },
  LINKEDIN_VERSION: {
    schema: Type.String({ pattern: "^20[0-9]{4}$" }),
    about: "Version of LinkedIn's API, as year and month; each lives about a year",
    default: "202610",
  },
  LINKEDIN_BASE_URL: upstream("LinkedIn's API", "https://api.linkedin.com"),
  LINKEDIN_OAUTH_BASE_URL: upstream("LinkedIn's login pages", "https://www.linkedin.com"),
} as const satisfies Record<string, SettingDefinition>;

export type SettingName = keyof typeof settingsTable;

export const definitionOf = (name: SettingName): SettingDefinition => settingsTable[name];

export const isSettingName = (name: string): name is SettingName => Object.hasOwn(settingsTable, name);

/** Settings of an earlier plan. They are noticed, so that nobody believes that they work. */
export const formerSettings: Record<string, string> = {
  GMAIL_API_KEY: "mail needs a login, a key alone opens no mailbox: mcqueen login gmail",
  MONGODB_URI: "everything is kept in one SQLite file",
  REDIS_URL: "sessions and limits are kept in one SQLite file",
};
