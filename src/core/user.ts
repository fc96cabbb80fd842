import { type Static, Type } from "@sinclair/typebox";

export const Role = Type.Union([Type.Literal("admin"), Type.Literal("member")]);
export type Role = Static<typeof Role>;

export interface User {
  id: string;
  role: Role;
  createdAt: Date;
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

export const UserPatch = Type.Object({ role: Role }, { additionalProperties: false });

export interface UserStore {
  find(id: string): Promise<User | undefined>;
  list(): Promise<User[]>;
  /** @throws AppError conflict */
  create(user: User): Promise<void>;
  /** Makes the user where there is none. */
  ensure(user: User): Promise<User>;
  /** @throws AppError conflict when no admin would be left */
  setRole(id: string, role: Role): Promise<User | undefined>;
  /** Removes the user and all that is theirs. @throws AppError conflict for the last admin */
  remove(id: string): Promise<boolean>;
  profile(id: string): Promise<Profile>;
  /** Replaces the whole profile. */
  saveProfile(id: string, profile: Profile): Promise<void>;
}
