/** One step of the tour: the command, and what shows that it worked. */
export interface DemoStep {
  about: string;
  /** Words after `mcqueen`. */
  words: readonly string[];
  /** Settings in the environment of this step alone. */
  env?: Record<string, string>;
  /** The exit code that is right; 0 unless said. */
  exit?: number;
  /** Texts that the output must hold. */
  expect: readonly string[];
  /** Texts that it must not hold. */
  absent?: readonly string[];
  /** A request to the daemon instead of a command. */
  http?: DemoRequest;
  /** Plays the person at the stand-in's consent page, who allows all that is asked for. */
  consent?: { email: string };
  /** Keeps the output, or one field of a JSON answer, under a name that later steps write as $NAME. */
  keep?: { name: string; field?: string };
}

export interface DemoRequest {
  path: string;
  /** The bearer, such as $TOKEN; absent for none. */
  bearer?: string;
  body?: unknown;
}
