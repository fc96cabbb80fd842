import { AppError } from "../core/errors.ts";

/** A text under its own data key, and that key under the master key. Both base64: nonce, then ciphertext with tag. */
export interface Sealed {
  wrapped: string;
  sealed: string;
}

/** What a ciphertext is bound to. */
export interface Binding {
  userId: string | undefined;
  service: string;
  account: string;
  row: string;
}

const version = 1;
const nonceBytes = 12;
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** AES-256-GCM with a fresh data key and fresh 96-bit nonces. @param master 32 bytes */
export async function seal(master: Uint8Array, binding: Binding, text: string): Promise<Sealed> {
  const dataKey = crypto.getRandomValues(new Uint8Array(32));
  const aad = boundTo(binding);
  return {
    wrapped: await encrypt(master, aad, dataKey),
    sealed: await encrypt(dataKey, aad, new TextEncoder().encode(text)),
  };
}

/** @throws AppError unavailable when it was changed, moved, or belongs to another key */
export async function open(master: Uint8Array, binding: Binding, { wrapped, sealed }: Sealed): Promise<string> {
  const aad = boundTo(binding);
  return decoder.decode(await decrypt(await decrypt(master, aad, wrapped), aad, sealed));
}

/** Gives the data key wrapped by another master key; the text stays as it is. @throws AppError unavailable */
export async function rewrap(
  from: Uint8Array,
  to: Uint8Array,
  binding: Binding,
  { wrapped }: Pick<Sealed, "wrapped">,
): Promise<string> {
  const aad = boundTo(binding);
  return encrypt(to, aad, await decrypt(from, aad, wrapped));
}

const boundTo = ({ userId, service, account, row }: Binding): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(JSON.stringify(["mcqueen vault", version, userId ?? null, service, account, row]));

async function encrypt(key: Uint8Array, aad: Uint8Array<ArrayBuffer>, bytes: Uint8Array): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(nonceBytes));
  const made = await crypto.subtle.encrypt(
    { name: "AES-GCM", iv, additionalData: aad },
    await keyOf(key, "encrypt"),
    new Uint8Array(bytes),
  );
  return Buffer.concat([iv, new Uint8Array(made)]).toString("base64");
}

async function decrypt(key: Uint8Array, aad: Uint8Array<ArrayBuffer>, text: string): Promise<Uint8Array> {
  const bytes = Buffer.from(text, "base64");
  const iv = new Uint8Array(bytes.subarray(0, nonceBytes));
  try {
    const opened = await crypto.subtle.decrypt(
      { name: "AES-GCM", iv, additionalData: aad },
      await keyOf(key, "decrypt"),
      new Uint8Array(bytes.subarray(nonceBytes)),
    );
    return new Uint8Array(opened);
  } catch (cause) {
    throw new AppError("unavailable", "A secret of the vault does not open: it was changed, moved, or damaged", {
      hint: "Run: mcqueen doctor",
      cause,
    });
  }
}

const keyOf = (bytes: Uint8Array, use: "encrypt" | "decrypt"): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", new Uint8Array(bytes), "AES-GCM", false, [use]);
