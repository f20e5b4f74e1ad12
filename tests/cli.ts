import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';

export const MAIN = resolve('dist/apps/magasin/src/cli/main.js');

/** How a call of the CLI ended. */
export interface Ended {
  code: number | null;
  out: string;
  err: string;
}

export interface Call {
  /** What it is given on stdin. */
  input?: string;
  environment?: Record<string, string>;
  cwd?: string;
}

async function ended(child: ChildProcessWithoutNullStreams, input = ''): Promise<Ended> {
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  child.stdin.end(input);
  const code = await new Promise<number | null>((done) => child.once('close', done));
  return { code, out, err };
}

/** Runs the built CLI, far from any terminal. */
export function magasin(args: string[], { input, environment, cwd = tmpdir() }: Call = {}): Promise<Ended> {
  const env = { ...process.env, ...environment };
  return ended(spawn(process.execPath, [MAIN, ...args], { cwd, env }), input);
}

/** Runs a line of the shell in which `magasin` is the built CLI. Its code is that of the first command that failed. */
export function shell(line: string): Promise<Ended> {
  const defined = `magasin() { '${process.execPath}' '${MAIN}' "$@"; }; set -o pipefail; ${line}`;
  return ended(spawn('bash', ['-c', defined], { cwd: tmpdir() }));
}

/** Runs the built CLI on a terminal of so many columns: both its outputs are in `out`, with what was typed. */
export function onTerminal(args: string[], { input, environment, cwd = tmpdir() }: Call = {}, columns = 100) {
  const words = [process.execPath, MAIN, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`);
  const line = `stty cols ${columns} && ${words.join(' ')}`;
  const script = process.platform === 'darwin' ? ['-q', '/dev/null', 'bash', '-c', line] : ['-qec', line, '/dev/null'];
  const env = { ...process.env, TERM: 'xterm', SHELL: '/bin/bash', ...environment };
  return ended(spawn('script', script, { cwd, env }), input);
}

/** A person is told what is wrong, and nothing of the inside. */
export function expectForPeople({ err }: Ended): void {
  expect(err).toMatch(/\S/);
  expect(err).not.toMatch(/^\s+at |node_modules|\.[jt]s:\d|undefined|\[object/m);
}
