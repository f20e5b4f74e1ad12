import 'reflect-metadata';
import { once } from 'node:events';
import { createWriteStream, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { eventTypesOf } from '@magasin/contracts';
import { type History, openHistory } from '@magasin/event-log';
import { readSettings, runToEnd, StartRefused } from '@magasin/hosting';
import { CoolrielSettings } from '../../coolriel/src';
import { MagasinSettings } from './settings';

const PAGE = 1_000;

// `npm run history`: writes every event of the users, as consumers read it, into one JSON array. It reads page by page,
// so its memory does not grow with the log, and it may run while the shop does.
void runToEnd(async () => {
  const { DATABASE_URL } = readSettings(MagasinSettings);
  const { OUTPUT_FOLDER } = readSettings(CoolrielSettings);
  mkdirSync(OUTPUT_FOLDER, { recursive: true });
  const { history, close } = await openHistory(DATABASE_URL).catch((error: Error) => {
    throw new StartRefused(error.message);
  });
  const file = join(OUTPUT_FOLDER, 'user_events_history.json');
  const count = await writeHistory(history, `${file}.part`);
  renameSync(`${file}.part`, file);
  await close();
  process.stdout.write(`${count} events of users in ${file}\n`);
});

async function writeHistory(history: History, file: string): Promise<number> {
  const types = new Set(eventTypesOf('user-events').map(({ name }) => name));
  const out = createWriteStream(file);
  let count = 0;
  let after: number | undefined = 0;
  while (after !== undefined) {
    const page = await history.page({ after, limit: PAGE });
    const values = page.events.filter(({ type }) => types.has(type)).map(({ payload }) => payload);
    const text = values.map((value) => `${count++ === 0 ? '[\n  ' : ',\n  '}${value}`).join('');
    if (!out.write(text)) await once(out, 'drain');
    after = page.next;
  }
  out.end(count === 0 ? '[]\n' : '\n]\n');
  await once(out, 'finish');
  return count;
}
