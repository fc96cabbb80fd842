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
  /** Plays a person at a page of the stand-ins instead of a command. */
  page?: DemoPage;
  /** What the command reads from stdin, such as $TOKEN. */
  stdin?: string;
  /** Keeps the output, one field of a JSON answer, or what a pattern finds last, under a name that later steps write as $NAME. */
  keep?: { name: string; field?: string; find?: RegExp };
}

export interface DemoPage {
  /** What the person does there, in words. */
  shown: string;
  /** Below $STANDINS. */
  path: string;
  /** What the person enters; what is filled in already stays. */
  fields: Readonly<Record<string, string | readonly string[]>>;
}

export interface DemoRequest {
  path: string;
  /** The bearer, such as $TOKEN; absent for none. */
  bearer?: string;
  body?: unknown;
}
