/** Something that a person's other screens want to know at once. */
export interface Event {
  id: number;
  userId: string;
  kind: "approval.opened" | "approval.settled" | "tools.changed" | "message.received";
  data: Record<string, unknown>;
  at: Date;
}

export interface EventStore {
  append(event: Omit<Event, "id">): Promise<void>;
  /** In order; at most `limit`. */
  since(userId: string, id: number, limit: number): Promise<Event[]>;
  lastId(): Promise<number>;
  sweep(now: Date): Promise<void>;
}
