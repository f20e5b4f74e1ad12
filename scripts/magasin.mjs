#!/usr/bin/env node
// `npx magasin`: builds what changed and runs the command line. npx puts the project's own Node on the PATH.
import { createRequire } from 'node:module';

const here = process.cwd();
await import('./build.mjs');
// Its files and its .env are those of whoever calls it.
process.chdir(here);
createRequire(import.meta.url)('../dist/apps/magasin/src/cli/main.js');
