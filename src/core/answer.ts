import { AppError } from "./errors.ts";
import { isRecord } from "./parameters.ts";

/** Reads of an answer that nobody vouches for: each gives undefined for what is absent or of another type. */
export const recordIn = (of: unknown, key: string): Record<string, unknown> | undefined => {
  const value = isRecord(of) ? of[key] : undefined;
  return isRecord(value) ? value : undefined;
};

export const listIn = (of: unknown, key: string): unknown[] | undefined => {
  const value = isRecord(of) ? of[key] : undefined;
  return Array.isArray(value) ? value : undefined;
};

export const numberIn = (of: unknown, key: string): number | undefined => {
  const value = isRecord(of) ? of[key] : undefined;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
};

export const textIn = (of: unknown, key: string): string | undefined => {
  const value = isRecord(of) ? of[key] : undefined;
  return typeof value === "string" && value !== "" ? value : undefined;
};

/** The object without its undefined members. */
export function present<T extends object>(of: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  const kept: Partial<T> = {};
  for (const key of Object.keys(of) as (keyof T)[]) if (of[key] !== undefined) kept[key] = of[key];
  return kept as { [K in keyof T]: Exclude<T[K], undefined> };
}

export const notUnderstood = (provider: string): AppError =>
  new AppError("upstream_rejected", `${provider} answered in a form that is not understood`, {
    hint: "The service may have changed. Try again later.",
    metadata: { provider },
  });

/** A base URL, with or without a path or a closing slash, and a path below it. */
export const under = (base: string, path: string): string => `${base.replace(/\/+$/, "")}${path}`;
