import { defineAdapter } from "../../core/adapter.ts";
import { linkedinPersonal } from "./linkedin-personal.ts";

export const linkedin = defineAdapter({
  service: "linkedin",
  name: "LinkedIn",
  config: ["LINKEDIN_BASE_URL", "LINKEDIN_VERSION"],
  tools: [linkedinPersonal],
});
