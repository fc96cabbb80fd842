/** Compiles what is hot as early as usual: the binary starts with a reluctance that suits commands (build-flags.ts). */
export const compileAsUsual = (): void => Bun.unsafe.setJITPolicy(1);
