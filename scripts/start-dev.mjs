// Builds what changed and runs the shop; `node --watch` starts it again when a source changes.
import { createRequire } from 'node:module';
import './build.mjs';

createRequire(import.meta.url)('../dist/apps/magasin/src/main.js');
