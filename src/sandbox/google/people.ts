/** Somebody with an account at the stand-in. */
export interface Person {
  email: string;
  name: string;
  /** The account's number, which stays when the address changes. */
  sub: string;
}

export const people: readonly Person[] = [
  { email: "ada.lovelace@example.com", name: "Ada Lovelace", sub: "100000000000000181501" },
  { email: "grace.hopper@example.com", name: "Grace Hopper", sub: "100000000000000190602" },
  { email: "alan.turing@example.com", name: "Alan Turing", sub: "100000000000000191203" },
];

export const findPerson = (email: string): Person | undefined => people.find((person) => person.email === email);

/** What Google tells of a person to an app with these scopes. */
export function claimsOf({ email, name, sub }: Person, scopes: readonly string[]) {
  const [given_name, family_name] = name.split(" ");
  return {
    sub,
    ...(scopes.includes(emailScope) ? { email, email_verified: true } : {}),
    ...(scopes.includes(profileScope) ? { name, given_name, family_name } : {}),
  };
}

export const emailScope = "https://www.googleapis.com/auth/userinfo.email";
export const profileScope = "https://www.googleapis.com/auth/userinfo.profile";
