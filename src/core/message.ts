import type { Event } from "./event.ts";

/** How far a message of ours has come, in order; `failed` ends it. */
export const messageStatuses = ["accepted", "sent", "delivered", "read", "failed"] as const;
export type MessageStatus = (typeof messageStatuses)[number];

/** One message of a service that cannot be asked for its messages, so they are kept here. */
export interface Message {
  /** The service's own. */
  id: string;
  /** Which of our accounts there it came to or went from, by the service's own id. */
  account: string;
  /** Who is at the other end: an address of the service. */
  contact: string;
  contactName?: string;
  direction: "in" | "out";
  /** In the service's words: text, image, template. */
  kind: string;
  text?: string;
  /** The message that it answers. */
  replyTo?: string;
  at: Date;
}

/** A message as it is kept, with what the service has told of it since. */
export interface KeptMessage extends Message {
  /** Of our own messages only. */
  status?: MessageStatus;
  /** Why it failed, in the service's words. */
  failure?: string;
}

export interface StatusReport {
  messageId: string;
  account: string;
  status: MessageStatus;
  failure?: string;
  at: Date;
}

/** What a service brings for one person. */
export interface Arrival {
  userId: string;
  service: string;
  received: readonly Message[];
  reports: readonly StatusReport[];
  /** How the person's other screens hear of a message that is new. */
  announce(message: Message): Omit<Event, "id" | "userId">;
}

export interface MessageFilter {
  account: string;
  contact?: string;
  limit: number;
  /** Goes on where an earlier page ended. */
  page?: string;
}

export interface MessagePage {
  /** Newest first. */
  messages: KeptMessage[];
  nextPage?: string;
}

/** One person's messages at one service. */
export interface OwnMessages {
  /** Keeps those that are new, and gives them. */
  add(messages: readonly Message[]): Promise<Message[]>;
  page(filter: MessageFilter): Promise<MessagePage>;
  /** When this contact wrote to the account last, by a message of one of these kinds. */
  lastReceived(account: string, contact: string, kinds: readonly string[]): Promise<Date | undefined>;
}

export interface MessageStore {
  of(userId: string, service: string): OwnMessages;
  /**
   * Keeps what came, all of it or nothing, on the disk before it returns. A message that comes again is neither kept nor
   * announced again, and a report that is late or comes again changes nothing: a status only goes forward.
   */
  receive(arrivals: readonly Arrival[]): Promise<void>;
  sweep(before: Date): Promise<void>;
}

/** The form of a page's name. */
export const messagePagePattern = "^[0-9]{1,16}-[0-9]{1,16}$";
