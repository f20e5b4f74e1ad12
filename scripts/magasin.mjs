#!/usr/bin/env node
// `npx magasin`: builds what changed and runs the command line, with the project's own Node, whichever is on the PATH.
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  const node = fileURLToPath(new URL('../node_modules/.bin/node', import.meta.url));
  const [, ...words] = process.argv;
  process.exit(spawnSync(node, words, { stdio: 'inherit' }).status ?? 1);
}

const here = process.cwd();
await import('./build.mjs');
// Its files and its .env are those of whoever calls it.
process.chdir(here);
createRequire(import.meta.url)('../dist/apps/magasin/src/cli/main.js');
