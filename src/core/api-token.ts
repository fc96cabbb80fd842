import { type Static, Type } from "@sinclair/typebox";

const Choice = Type.Union([Type.Literal("deny"), Type.Literal("ask"), Type.Literal("approve"), Type.Literal("allow")]);

/** What a token may do. Reading is always allowed, within its tools. */
export interface Grant {
  /** Tool ids; undefined means every tool. */
  tools: readonly string[] | undefined;
  writes: Static<typeof Choice>;
  destructive: Static<typeof Choice>;
}

export interface ApiToken extends Grant {
  id: string;
  userId: string;
  name: string;
  /** The credentials that it goes back to, nearest first; a person at a terminal is none. */
  lineage: readonly string[];
  createdAt: Date;
  expiresAt: Date | undefined;
  lastUsedAt: Date | undefined;
}

/** The body that makes a token. */
export const ApiTokenBody = Type.Object(
  {
    name: Type.String({
      minLength: 1,
      maxLength: 64,
      format: "label",
      description: "How you will know it again",
    }),
    tools: Type.Optional(
      Type.Array(Type.String(), {
        minItems: 1,
        maxItems: 100,
        description: "Only these tools; absent means every tool",
      }),
    ),
    writes: Type.Optional({
      ...Choice,
      default: "deny",
      description: "What happens to a write: deny, approve elsewhere, ask for the confirmations, or allow",
    }),
    destructive: Type.Optional({ ...Choice, default: "deny", description: "The same for destructive actions" }),
    expires_at: Type.Optional(
      Type.String({ format: "date-time", description: "When it stops working; absent means never" }),
    ),
  },
  { additionalProperties: false },
);

export interface ApiTokenStore {
  /** @throws AppError conflict when the user has a token of that name */
  create(token: ApiToken, hash: string): Promise<void>;
  /** An expired token is not found. */
  find(hash: string, now: Date): Promise<ApiToken | undefined>;
  list(userId: string): Promise<ApiToken[]>;
  revoke(userId: string, id: string): Promise<boolean>;
  /** Last use, written at most once a minute. */
  touch(id: string, now: Date): void;
}
