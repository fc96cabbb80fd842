import type { Adapter } from "../core/adapter.ts";
import { weather } from "./weather/adapter.ts";

/** Every service there is, one line each. */
export const adapters: readonly Adapter[] = [weather];
