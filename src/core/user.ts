import { type Static, Type } from "@sinclair/typebox";
import type { RestrictionRules } from "./restrictions.ts";

export const Role = Type.Union([Type.Literal("admin"), Type.Literal("member")]);
export type Role = Static<typeof Role>;

export interface User {
  id: string;
  role: Role;
  createdAt: Date;
  /** What this user may do at no entrance, whoever confirms it. */
  restrictions: RestrictionRules;
}

/** The person who owns this computer's database; made at first run. */
export const ownerId = "owner";

export const Units = Type.Union([Type.Literal("metric"), Type.Literal("imperial")], {
  description: "Unit system",
});

/** What tools may know about a person. Keys are dotted in the CLI: `guest.name`. */
export const ProfileSchema = Type.Object(
  {
    zone: Type.Optional(Type.String({ description: "IANA time zone", format: "time-zone" })),
    locale: Type.Optional(Type.String({ description: "BCP 47 language tag", format: "locale" })),
    units: Type.Optional(Units),
    home: Type.Optional(Type.String({ minLength: 1, maxLength: 300, description: "Home address or place" })),
    guest: Type.Optional(
      Type.Object(
        {
          name: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
          email: Type.Optional(Type.String({ format: "email", maxLength: 254 })),
          phone: Type.Optional(Type.String({ format: "phone" })),
        },
        { additionalProperties: false, description: "Who books a table" },
      ),
    ),
  },
  { additionalProperties: false },
);

export type Profile = Static<typeof ProfileSchema>;

/** The body that makes a user. The id is kept as given: names, mail addresses and `auth0|…` are all fine. */
export const UserBody = Type.Object(
  { id: Type.String({ format: "user-id" }), role: Type.Optional({ ...Role, default: "member" }) },
  { additionalProperties: false },
);

const ToolIds = Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 200 });

/** The body that changes a user. */
export const UserPatch = Type.Object(
  {
    role: Type.Optional(Role),
    read_only: Type.Optional(Type.Boolean({ description: "Refuse every write and destructive action" })),
    tools_allow: Type.Optional({ ...ToolIds, description: "The only tools that may run; empty means all" }),
    tools_deny: Type.Optional({ ...ToolIds, description: "Tools that may not run" }),
  },
  { additionalProperties: false, minProperties: 1 },
);

export interface UserStore {
  find(id: string): Promise<User | undefined>;
  list(): Promise<User[]>;
  /** @throws AppError conflict */
  create(user: User): Promise<void>;
  /** Makes the user where there is none. */
  ensure(user: User): Promise<User>;
  /** @throws AppError conflict when no admin would be left */
  change(id: string, patch: { role?: Role; restrictions?: Partial<RestrictionRules> }): Promise<User | undefined>;
  /** Removes the user and all that is theirs. @throws AppError conflict for the last admin */
  remove(id: string): Promise<boolean>;
  profile(id: string): Promise<Profile>;
  /** Reads, changes and writes in one transaction. A throw in `change` leaves everything as it was. */
  updateProfile(id: string, change: (before: Profile) => Profile): Promise<Profile>;
}
