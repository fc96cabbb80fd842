import { type Static, Type } from "@sinclair/typebox";

export type Role = "admin" | "member";

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

export interface UserStore {
  find(id: string): Promise<User | undefined>;
  profile(id: string): Promise<Profile>;
  /** Replaces the whole profile. */
  saveProfile(id: string, profile: Profile): Promise<void>;
}
