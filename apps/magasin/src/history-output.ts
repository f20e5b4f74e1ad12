import { createWriteStream, mkdirSync, realpathSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Writes until whoever reads standard output has had enough: `| head` is no error. */
export async function writeToStandardOutput(text: AsyncIterable<string>): Promise<void> {
  await pipeline(text, process.stdout, { end: false }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

/**
 * Writes a file that appears whole or not at all, and keeps the one that was there until then. Ctrl+C and SIGTERM leave
 * nothing behind. A device or a pipe is written as it is.
 */
export async function writeToFile(text: AsyncIterable<string>, file: string): Promise<void> {
  mkdirSync(dirname(file), { recursive: true });
  const there = statSync(file, { throwIfNoEntry: false });
  if (there && !there.isFile()) return pipeline(text, createWriteStream(file));

  const target = there ? realpathSync(file) : file;
  // With the number of the process: two at once would write into each other's.
  const unfinished = `${target}.${process.pid}.part`;
  const stop = (signal: NodeJS.Signals): void => {
    rmSync(unfinished, { force: true });
    process.kill(process.pid, signal);
  };
  for (const signal of SIGNALS) process.once(signal, stop);
  try {
    await pipeline(text, createWriteStream(unfinished));
    renameSync(unfinished, target);
  } finally {
    rmSync(unfinished, { force: true });
    for (const signal of SIGNALS) process.off(signal, stop);
  }
}

const SIGNALS: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
