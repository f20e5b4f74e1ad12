import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Starts a server of this kind in a process and a folder of its own, and ends it after the measuring. */
export async function withServer(kind, measure, ...more) {
  const folder = mkdtempSync(join(tmpdir(), 'bench-'));
  const child = fork(join(import.meta.dirname, 'server.mjs'), [kind, folder, ...more]);
  const ended = once(child, 'exit').then(([code, signal]) => {
    throw new Error(`The server "${kind}" ended with ${signal ?? code} under Node ${process.version}.`);
  });
  const [{ port }] = await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => undefined);
  const ask = async (name, argument) => {
    child.send({ ask: name, argument });
    return (await once(child, 'message'))[0].answer;
  };
  try {
    return await measure({ port, ask });
  } finally {
    child.kill('SIGKILL');
    await once(child, 'exit');
    rmSync(folder, { recursive: true, force: true });
  }
}

export const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
export const say = (line) => process.stdout.write(`${line}\n`);
