import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = resolve(__dirname, '../../../..');
/** A child that hangs is ended so, and its test fails. */
const HANGING = { timeout: 120_000, killSignal: 'SIGABRT' } as const;
const environment = { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'magasin-compile-cache') };

export interface Ended {
  stdout: string;
  stderr: string;
  signal?: NodeJS.Signals;
  code?: number;
}

/** Children are plain node processes: they run what `npm run build` makes, so it must be up to date. */
export const build = (): Promise<unknown> => run(process.execPath, [join(ROOT, 'scripts/build.mjs')]);

/** Runs a script of this folder until it ends, in whatever way. */
export function runChild(script: string, order: unknown): Promise<Ended> {
  return run(process.execPath, [fileOf(script), JSON.stringify(order)], { env: environment, ...HANGING }).catch(
    (ended: Ended) => ended,
  );
}

/** Runs a script of this folder that ends when it is killed. */
export const spawnChild = (script: string, order: unknown): ChildProcess =>
  spawn(process.execPath, [fileOf(script), JSON.stringify(order)], { env: environment, stdio: 'inherit' });

const fileOf = (script: string): string => join(ROOT, 'dist/libs/event-bus/src/contract', `${script}.js`);
