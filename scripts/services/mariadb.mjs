// The machine's own MariaDB, with a data folder of ours: never the system's.
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { askMariadb } from './answers.mjs';
import { Daemon, StartRefused } from './daemon.mjs';

/** @param {{ folder: string, port: number, tied?: boolean }} options root has no password, and is let in from this machine alone. */
export function mariadb({ folder, port, tied }) {
  const data = join(folder, 'data');
  const log = join(folder, 'error.log');
  // Never /tmp: at its start a MariaDB removes the temporary tables that it finds there, those of another one that runs too.
  const temporary = join(folder, 'tmp');
  // It refuses to be root unless told so.
  const user = process.getuid?.() === 0 ? ['--user=root'] : [];

  return new Daemon({
    name: 'MariaDB',
    folder,
    tied,
    ports: [port],
    log,
    answer: () => askMariadb(`mariadb://root@127.0.0.1:${port}`),

    async prepare() {
      mkdirSync(temporary, { recursive: true });
      if (existsSync(data)) return;
      // Under another name until it is whole.
      const fresh = join(folder, 'data.new');
      rmSync(fresh, { recursive: true, force: true });
      const args = [
        '--no-defaults',
        `--datadir=${fresh}`,
        `--tmpdir=${temporary}`,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
      ];
      await promisify(execFile)('mariadb-install-db', [...args, ...user]).catch(({ code, message, stdout, stderr }) => {
        if (code === 'ENOENT') {
          throw new StartRefused(
            'There is no mariadb-install-db: apt-get install mariadb-server-core mariadb-client-core (they start nothing by themselves), ' +
              'or let MARIADB_URL name a MariaDB or MySQL that runs.',
          );
        }
        throw new StartRefused(`MariaDB's data folder ${data} can not be made:\n${stdout}${stderr}${message}`);
      });
      renameSync(fresh, data);
    },

    command: () => [
      'mariadbd',
      '--no-defaults',
      `--datadir=${data}`,
      `--tmpdir=${temporary}`,
      '--bind-address=127.0.0.1',
      `--port=${port}`,
      // The path of a socket may have 107 characters, which a deep folder has already.
      `--socket=${join(tmpdir(), `magasin-mariadb-${port}.sock`)}`,
      `--pid-file=${join(folder, 'mariadbd.pid')}`,
      `--log-error=${log}`,
      '--character-set-server=utf8mb4',
      ...user,
    ],
  });
}
