/** How the binary is compiled. Identifiers stay whole: the HTTP framework reads the source of its handlers. */
export const compileFlags = [
  "--compile",
  "--splitting",
  "--minify-syntax",
  "--minify-whitespace",
  "--bytecode",
  "--format=esm",
  "--no-compile-autoload-bunfig",
  "--no-compile-autoload-dotenv",
  "--no-compile-autoload-tsconfig",
  "--no-compile-autoload-package-json",
];
