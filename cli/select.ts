import { AppError } from "../src/core/errors.ts";

/**
 * Picks one part of a JSON value: "data.daily[0].condition".
 * @throws AppError usage when the path is malformed or leads nowhere; the sentence names what there is
 */
export function select(value: unknown, path: string): unknown {
  const keys = parsePath(path);
  let part: unknown = value;
  let walked = "";
  for (const key of keys) {
    const known = typeof part === "object" && part !== null ? Object.keys(part) : [];
    if (!known.includes(key)) {
      const there = known.length > 0 ? `There is: ${known.slice(0, 12).join(", ")}` : "There is nothing below it.";
      throw new AppError("usage", `--select ${path}: no "${key}" in ${walked || "the result"}`, { hint: there });
    }
    part = (part as Record<string, unknown>)[key];
    walked = walked ? `${walked}.${key}` : key;
  }
  return part;
}

function parsePath(path: string): string[] {
  const form = /^[^.[\]]+(\[\d+\])*(\.[^.[\]]+(\[\d+\])*)*$/;
  if (!form.test(path)) {
    throw new AppError("usage", `--select ${path} is not a path`, { hint: "Write it like: data.daily[0].condition" });
  }
  return path.replaceAll("[", ".").replaceAll("]", "").split(".");
}
