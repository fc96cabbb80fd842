/** Ends a command that has said all it has to say, with an exit code of its own. */
export class Exit extends Error {
  constructor(readonly exitCode: number) {
    super(`exit ${exitCode}`);
  }
}
