// Compiles apps/ and libs/ into dist/, only what changed since the last build. Types are checked by `npm run types`.
import { globSync, mkdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { transformFileSync } from '@swc/core';
import { swcOptions } from './swc.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));

const modified = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
// A newer compiler, setting or build script makes everything old.
const toolchain = Math.max(
  ...['package-lock.json', 'tsconfig.json', 'scripts/swc.mjs', 'scripts/build.mjs'].map(modified),
);

/** Whole or not at all: several programs may build and start at once. */
function write(file, text) {
  writeFileSync(`${file}.${process.pid}`, text);
  renameSync(`${file}.${process.pid}`, file);
}

const sources = globSync('{apps,libs}/*/src/**/*.ts').filter((file) => !/\.(spec|contract)\.ts$/.test(file));
const output = (source) => join('dist', source.replace(/\.ts$/, '.js'));

for (const source of sources) {
  if (modified(output(source)) > Math.max(modified(source), toolchain)) continue;
  const { code, map } = transformFileSync(source, { ...swcOptions, filename: source });
  mkdirSync(dirname(output(source)), { recursive: true });
  write(output(source) + '.map', map);
  write(output(source), `${code}\n//# sourceMappingURL=${output(source).split('/').pop()}.map\n`);
}

const wanted = new Set(sources.map(output));
for (const built of globSync('dist/{apps,libs}/**/*.js')) {
  if (!wanted.has(built)) for (const stale of [built, `${built}.map`]) rmSync(stale, { force: true });
}
