import type { Sandbox } from "../../src/sandbox/server.ts";

/** How one adapter is checked against what the real services answered. */
export interface RecordedAdapter {
  name: string;
  /** Folders of recorded answers; each file in them must be read by something. */
  folders: readonly string[];
  /** By "folder/file.json": reads the answer with the adapter's parser and says what was understood. */
  files: Record<string, (json: unknown) => string | Promise<string>>;
  standIns: readonly StandInCheck[];
}

/** One answer of a stand-in, compared with recorded ones. */
export interface StandInCheck {
  /** Recorded answers to the same kind of request. */
  files: readonly string[];
  ask(sandbox: Sandbox): Promise<unknown>;
  /** Paths that the documentation has and no recording happens to hold. */
  documented?: readonly string[];
  /** Paths that the recordings hold because their requests asked for more. */
  unasked?: readonly string[];
  /** The bodies must be equal, not only alike. */
  exact?: true;
}

/** Fails the check with a sentence. */
export function must(holds: boolean, sentence: string): void {
  if (!holds) throw new Error(sentence);
}
