/** How esbuild makes one file of a program and what it imports, because Node 20 reads no TypeScript. */
export const AS_PROGRAM = {
  bundle: true,
  platform: "node",
  format: "esm",
  // CommonJS packages among the imports look for Node's own modules this way.
  banner: {
    js: 'import { createRequire as forPackages } from "node:module"; const require = forPackages(import.meta.url);',
  },
} as const;
