/** What a public provider answered. */
export interface KeptAnswer {
  status: number;
  json: unknown;
}

/** Answers of public providers, kept for as long as they allow; shared by all processes of one home. */
export interface AnswerCache {
  /** The answer may be handed to others too, so whoever gets it must not change it. */
  get(key: string, now: Date): Promise<KeptAnswer | undefined>;
  put(key: string, answer: KeptAnswer, expiresAt: Date, now: Date): void;
}
