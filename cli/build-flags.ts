/** How the binary is compiled. Identifiers stay whole: the HTTP framework reads the source of its handlers. */
export const compileFlags = [
  "--compile",
  "--splitting",
  "--minify-syntax",
  "--minify-whitespace",
  "--bytecode",
  // A command is over before compiled code pays; what lives longer asks for the usual measure (long-lived.ts).
  "--compile-jit-policy=20",
  "--format=esm",
  "--no-compile-autoload-bunfig",
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-tsconfig",
  "--no-compile-autoload-package-json",
];
