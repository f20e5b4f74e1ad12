import 'reflect-metadata';
import { join } from 'node:path';
import { openHistory } from '@magasin/event-log';
import { readSettings, runToEnd, StartRefused } from '@magasin/hosting';
import { CoolrielSettings } from '../../coolriel/src';
import { formats } from './history-formats';
import { readOptions } from './history-options';
import { writeToFile, writeToStandardOutput } from './history-output';
import { Progress } from './history-progress';
import { MagasinSettings } from './settings';

// `npm run history`: writes the events of the users, as consumers read them, into one JSON array, or what else is asked
// for. It reads stretch by stretch, so its memory does not grow with the log, and it may run while the shop does.
void runToEnd(async () => {
  const { selection, limit, format, output, noun } = readOptions(process.argv);
  const { DATABASE_URL } = readSettings(MagasinSettings);
  const { OUTPUT_FOLDER } = readSettings(CoolrielSettings);
  const { history, identity, close } = await openHistory(DATABASE_URL).catch(refuse);

  const progress = new Progress(process.stderr);
  const range = await history.find(selection);
  const { file, write } = formats[format];
  const text = write(progress.follow(history.read(range, limit), range), identity);
  const target = output ?? join(OUTPUT_FOLDER, file);
  if (target === '-') await writeToStandardOutput(text);
  else await writeToFile(text, target).catch(refuse);
  await close();

  progress.clear();
  if (target === '-') process.stderr.write(`${progress.count} ${noun}\n`);
  else process.stdout.write(`${progress.count} ${noun} in ${target}\n`);
});

function refuse(error: Error): never {
  throw new StartRefused(error.message);
}
