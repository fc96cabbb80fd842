import type { Message, StatusReport } from "./message.ts";

/** What a delivery tells, read and checked. */
export interface News {
  received: readonly Message[];
  reports: readonly StatusReport[];
}

type Config = Readonly<Record<string, string | undefined>>;

/** An address at which a service calls us. An adapter declares it, and the daemon serves it at `/webhooks/<id>`. */
export interface Webhook {
  /** `^[a-z0-9_]{1,64}$` */
  id: string;
  /** Settings without which nothing can be believed, so that the address is not there. */
  needs: readonly string[];
  /**
   * Answers the service that asks whether this address is ours; gives the text that it wants to see.
   * @throws AppError forbidden, invalid_parameters
   */
  greet(query: URLSearchParams, config: Config): Promise<string>;
  /** Whether the very bytes come from the service. Nothing has parsed them yet. */
  isGenuine(bytes: Uint8Array, headers: Headers, config: Config): Promise<boolean>;
  /** Reads what a genuine delivery says; what is not known is left out. */
  read(json: unknown, now: Date): Promise<News>;
}
