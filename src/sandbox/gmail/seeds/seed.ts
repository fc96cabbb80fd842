/** A mail that lies in the mailboxes from the start. */
export interface Seed {
  /** Its own name among the seeds. */
  key: string;
  /** How many hours before the first look it came. */
  ago: number;
  from: string;
  to: string;
  cc?: string;
  subject: string;
  text?: string;
  html?: string;
  attachments?: readonly { name: string; type: string; content: string; base64?: true }[];
  /** Instead of text and HTML: a body as its sender encoded it. */
  encoded?: { type: string; encoding: string; content: string };
  /** Header lines as they are, for subjects that their sender encoded and the like. */
  headers?: readonly string[];
  /** Beside the place. Given for the receivers alone. */
  labels?: readonly string[];
  /** Where it lies, unless that is INBOX. */
  place?: "TRASH" | "SPAM";
  unread?: true;
  /** The seed that it answers. */
  answers?: string;
}

export const ada = "Ada Lovelace <ada.lovelace@example.com>";
export const grace = "Grace Hopper <grace.hopper@example.com>";
export const alan = "Alan Turing <alan.turing@example.com>";
export const babbage = "Charles Babbage <charles@analytical.example.org>";
