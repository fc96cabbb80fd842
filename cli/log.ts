import { createLogger, type Level, type Logger, silentLogger } from "../src/log.ts";
import { levelOf, type Settings } from "../src/settings.ts";

/** A command logs to stderr, and only when somebody set LOG_LEVEL: its own output is what people read. */
export async function logFor(settings: Settings): Promise<Logger> {
  if (settings.sourceOf("LOG_LEVEL") === "default") return silentLogger;
  return createLogger({
    level: levelOf(settings.text("LOG_LEVEL") ?? "info") as Level,
    format: settings.text("LOG_FORMAT") === "json" ? "json" : "pretty",
    secrets: settings.secrets,
  });
}
