/** Somebody with a telephone. Numbers are of the ranges that are kept free for invention. */
export interface Phone {
  waId: string;
  name: string;
  /** Whether WhatsApp is on it. */
  hasWhatsapp: boolean;
}

/** The list of a test number: nobody else can be written to. */
export const phones: readonly Phone[] = [
  { waId: "447700900101", name: "Ada Lovelace", hasWhatsapp: true },
  { waId: "12025550147", name: "Grace Hopper", hasWhatsapp: true },
  { waId: "447700900102", name: "Alan Turing", hasWhatsapp: true },
  { waId: "447700900199", name: "Charles Babbage", hasWhatsapp: false },
];

export const phoneNumberId = "106540352242922";
export const displayNumber = "+1 555-010-0042";
export const businessId = "102290129340398";
export const apiToken = "EAASandboxWhatsappToken0000000000000000";
export const appSecret = "sandbox-whatsapp-app-secret";
export const verifyToken = "sandbox-whatsapp-verify-token";

/** Approved templates, with how many variables each has, by name and language. */
export const templates: Readonly<Record<string, { variables: number; languages: readonly string[] }>> = {
  hello_world: { variables: 0, languages: ["en_US"] },
  appointment_reminder: { variables: 2, languages: ["en_US", "de"] },
};

export const findPhone = (number: string): Phone | undefined =>
  phones.find(({ waId }) => waId === number.replace(/\D/g, ""));
