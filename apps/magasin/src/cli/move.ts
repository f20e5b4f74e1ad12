import type { Command } from 'commander';
import { run } from './run';

const MORE = `
A database is named as in DATABASE_URL: sqlite:<file>, or mariadb://user:password@host:3306/database (mysql:// too).
Stop the shop first: it is refused while anybody has one of the two open. The target is made when it is missing, and
refused when it has data. All is moved: tables with their ids, the log with its identity, how far every consumer has come,
what is parked, the answers under Idempotency-Keys. Each table is read back and compared; the source stays as it is. Killed
in the middle, it is begun again: no shop opens a target that is not complete.

Examples:
  npm run move -- sqlite:data/magasin.sqlite mariadb://root@127.0.0.1:3306/magasin
  npm run move -- mariadb://root@127.0.0.1:3306/magasin sqlite:data/back.sqlite`;

export function addMove(program: Command): void {
  program
    .command('move')
    .description('move all data of a stopped shop into another database')
    .argument('<from>', 'the database that has it')
    .argument('<to>', 'the one that gets it')
    .addHelpText('after', MORE)
    .action(
      run(async (session, from: string, to: string) => {
        // Loaded only when it is asked for: it brings all apps and their tables along.
        const { move } = await import('./move-data.js');
        return move(session, from, to);
      }),
    );
}
