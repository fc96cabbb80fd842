import { openDatabase } from "../../src/store/database.ts";
import { createGrantStore } from "../../src/store/grant.ts";

/** Gives a user a business number, as a login by token does once Meta has confirmed it. */
export async function linkNumber(databasePath: string, userId: string, phoneNumberId: string): Promise<void> {
  const database = openDatabase(databasePath);
  await createGrantStore(database.durable).put({
    id: `grant-of-${userId}`,
    userId,
    provider: "whatsapp",
    alias: "default",
    subject: phoneNumberId,
    services: ["whatsapp"],
    label: undefined,
    scopes: [],
    isDefault: true,
    createdAt: new Date(),
    refreshedAt: undefined,
    expiresAt: undefined,
    broken: undefined,
  });
  database.close();
}
