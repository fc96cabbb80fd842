/** Runs `load` at the first use and never again: asking for a module costs a little each time, also for one that is there. */
export function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loaded: Promise<T> | undefined;
  return () => {
    loaded ??= load();
    return loaded;
  };
}
