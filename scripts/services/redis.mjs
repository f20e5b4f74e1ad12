// The machine's own Redis, with a data folder of ours.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { askRedis } from './answers.mjs';
import { Daemon, StartRefused } from './daemon.mjs';

/** @param {{ folder: string, port: number, tied?: boolean }} options */
export function redis({ folder, port, tied }) {
  const log = join(folder, 'redis.log');
  const settings = {
    dir: folder,
    port,
    bind: '127.0.0.1',
    logfile: log,
    appendonly: 'yes',
    // By its title it is known again.
    'proc-title-template': `{title} {listen-addr} ${folder}`,
  };

  return new Daemon({
    name: 'Redis',
    folder,
    tied,
    ports: [port],
    log,
    answer: () => askRedis(`redis://127.0.0.1:${port}`),

    async prepare() {
      if (!spawnSync('redis-server', ['--version']).error) return;
      throw new StartRefused(
        'There is no redis-server: apt-get install redis-server, or let REDIS_URL name one that runs.',
      );
    },

    command: () => [
      'redis-server',
      ...Object.entries(settings).flatMap(([name, value]) => [`--${name}`, String(value)]),
    ],
  });
}
