import { readFileSync } from 'node:fs';

const { compilerOptions } = JSON.parse(readFileSync(new URL('../tsconfig.json', import.meta.url)));

/**
 * How this repository's TypeScript becomes JavaScript, for the build and for Jest alike.
 * The aliases are tsconfig.json's own, so that they stand in one place.
 */
export const swcOptions = {
  swcrc: false,
  sourceMaps: true,
  jsc: {
    parser: { syntax: 'typescript', decorators: true },
    transform: {
      legacyDecorator: true,
      decoratorMetadata: true,
      useDefineForClassFields: false,
    },
    target: 'es2023',
    keepClassNames: true,
    baseUrl: import.meta.dirname.replace(/scripts$/, ''),
    paths: compilerOptions.paths,
  },
  module: { type: 'commonjs' },
};
