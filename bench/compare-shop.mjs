import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import Sqlite from 'better-sqlite3';
import { freePort } from '../scripts/services/services.mjs';

const MAIN = join(import.meta.dirname, '../dist/apps/magasin/src/main.js');

/** The built shop, or some of its apps, as a process in that folder. Resolves when it is open, with what it has said. */
async function start(folder, settings) {
  const log = join(folder, 'log');
  const child = spawn(process.execPath, [MAIN], {
    cwd: folder,
    env: { ...process.env, HOST: 'localhost', LOG_LEVEL: 'warn', COOLRIEL_PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', openSync(log, 'a')],
  });
  process.once('exit', () => child.kill('SIGKILL'));
  let said = '';
  const open = new Promise((done) => {
    child.stdout.on('data', (chunk) => {
      said += chunk;
      if (said.includes('data      ')) done(true);
    });
  });
  if (!(await Promise.race([open, once(child, 'exit').then(() => false)])))
    throw new Error(`The shop did not start:\n${readFileSync(log, 'utf8')}`);
  return { child, said };
}

async function end(child) {
  if (!child || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

export async function startStore(folder, settings) {
  const { child, said } = await start(folder, {
    ...settings,
    STORE_MANAGER_PORT: '0',
    OUTPUT_FOLDER: join(folder, 'output'),
  });
  const [url] = /\S+(?=\/users)/.exec(said);
  return { url, kill: () => end(child) };
}

/** The real payments, which can be put to sleep, woken, killed and started again at its place. */
export class Payments {
  static async on(folder, settings) {
    return new Payments(folder, { ...settings, APPS: 'payments', PAYMENTS_PORT: String(await freePort()) });
  }

  constructor(folder, settings) {
    this.folder = folder;
    this.settings = settings;
    this.url = `http://localhost:${settings.PAYMENTS_PORT}`;
  }

  async start() {
    this.child = (await start(this.folder, this.settings)).child;
  }

  kill() {
    return end(this.child);
  }

  wake() {
    this.child.kill('SIGCONT');
  }

  /** Stops it, though never with the lock of SQLite's only writer in its hands: the store would stand still as well. */
  async freeze() {
    for (;;) {
      this.child.kill('SIGSTOP');
      await delay(5);
      if (await this.hasLetGo()) return;
      this.wake();
      await delay(5);
    }
  }

  /** From now on it sleeps so long and is awake so long, in milliseconds, until the function that it resolves to is called. */
  async nap(asleep, awake) {
    const over = new AbortController();
    const round = async () => {
      await this.freeze();
      await delay(asleep);
      this.wake();
      await delay(awake);
    };
    const naps = (async () => {
      while (!over.signal.aborted) await round();
    })();
    naps.catch(() => undefined);
    return async () => {
      over.abort();
      await naps;
    };
  }

  async hasLetGo() {
    const [kind, file] = this.settings.DATABASE_URL.split(/:(.*)/);
    // A server locks rows, and those of payments are nobody else's.
    if (kind !== 'sqlite') return true;
    const database = new Sqlite(file, { timeout: 0 });
    try {
      for (let tries = 0; tries < 10; tries += 1, await delay(5)) {
        try {
          database.exec('BEGIN IMMEDIATE; ROLLBACK');
          return true;
        } catch (error) {
          if (error.code !== 'SQLITE_BUSY') throw error;
        }
      }
      return false;
    } finally {
      database.close();
    }
  }
}
