/** Answers of public providers, kept for as long as they allow; shared by all processes of one home. */
export interface AnswerCache {
  get(key: string, now: Date): Promise<string | undefined>;
  put(key: string, text: string, expiresAt: Date, now: Date): void;
}
