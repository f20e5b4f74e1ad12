import { type ChildProcess, spawn } from 'node:child_process';
import { join, resolve } from 'node:path';

const HISTORY = resolve('dist/apps/magasin/src/history.js');

export interface Ended {
  /** Null when a signal ended it. */
  code: number | null;
  out: string;
  err: string;
}

/** Starts the built `npm run history` in a folder, where it writes to output/. */
export function startHistory(folder: string, url: string, options: string[] = [], nodeOptions = ''): ChildProcess {
  const env = {
    ...process.env,
    DATABASE_URL: url,
    OUTPUT_FOLDER: join(folder, 'output'),
    NODE_OPTIONS: nodeOptions,
  };
  return spawn(process.execPath, [HISTORY, ...options], { cwd: folder, env, stdio: 'pipe' });
}

export async function ended(child: ChildProcess): Promise<Ended> {
  let [out, err] = ['', ''];
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => (out += chunk));
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => (err += chunk));
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, out, err };
}

export const runHistory = (...start: Parameters<typeof startHistory>): Promise<Ended> => ended(startHistory(...start));
