import 'reflect-metadata';
import { tablesOfBackbone } from '@magasin/event-bus';
import { type Moved, moveLog, MoveRefused, withoutPassword } from '@magasin/event-log';
import { hostingTables } from '@magasin/hosting';
import { CoolrielModule } from '../../../coolriel/src';
import { PaymentsModule } from '../../../payments/src';
import { StoreManagerModule } from '../../../store-manager/src';
import { isDatabaseUrl } from '../settings';
import { type ExitCode, EXIT, notDone, wrongUsage } from './failures';
import { tableFor } from './list';
import type { Session } from './session';

/** @throws Failure when nothing was moved, and why */
export async function move(session: Session, from: string, to: string): Promise<ExitCode> {
  for (const url of [from, to]) {
    if (!isDatabaseUrl(url))
      throw wrongUsage(
        `${withoutPassword(url)} is no database: sqlite:<file>, or mariadb://user:password@host:3306/name.`,
      );
  }
  const modules = [StoreManagerModule, PaymentsModule, CoolrielModule];
  const { migrations } = await tablesOfBackbone({ ...hostingTables, modules });
  const progress = session.progress();
  const began = performance.now();
  try {
    const moved = await moveLog({
      from,
      to,
      migrations,
      onProgress: (done, total, table) => progress.bar(done, total, `${done} of ${total} rows, now ${table}`),
    });
    progress.end();
    await tell(session, moved, to, (performance.now() - began) / 1_000);
    return EXIT.done;
  } catch (error) {
    throw error instanceof MoveRefused ? notDone(error.message) : error;
  } finally {
    progress.end();
  }
}

const COLUMNS = [
  { title: 'table', value: ({ table }: Moved['tables'][number]) => table },
  { title: 'rows', value: ({ rows }: Moved['tables'][number]) => rows },
  { title: 'checksum', value: ({ checksum }: Moved['tables'][number]) => checksum },
];

async function tell(session: Session, moved: Moved, to: string, seconds: number): Promise<void> {
  if (session.json) return session.print(JSON.stringify(moved));
  const { again, head, identity, tables } = moved;
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  if (again) session.say('A move into it had not come to its end: it was begun again.');
  await session.print(tableFor(COLUMNS).lines(tables).join('\n'));
  await session.print(
    `\n${rows} rows moved and compared in ${seconds.toFixed(1)} s: log ${identity}, up to position ${head}.\n` +
      `Now start the shop with DATABASE_URL=${withoutPassword(to)}`,
  );
}
