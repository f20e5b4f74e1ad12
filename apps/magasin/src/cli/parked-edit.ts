import { readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { Api } from './api';
import type { ParkedEvent } from './answers';
import { notDone, wrongUsage } from './failures';
import { withSource } from './parked';
import { run, wholeNumber, withWhy } from './run';
import type { Session } from './session';
import { canAsk } from './terminal/ask';
import { discardText, editText } from './terminal/edit-text';
import { oneLine } from './terminal/text';
import { awaitStream, readStream, type StreamKey, type WaitOption, withWait } from './wait';

interface Options extends WaitOption {
  source?: string;
  why: string;
  revision?: number;
  data?: string;
  file?: string;
}

interface NewText {
  text: string;
  revision: number;
  /** Where it was written in an editor. */
  kept?: string;
}

type SeenEvent = StreamKey & { position: number };

export function addParkedEdit(parked: Command): void {
  withWait(withWhy(withSource(parked.command('edit'))))
    .description('give a parked event another text, for its consumer only; asks before')
    .argument('<consumer>')
    .argument('<stream>')
    .argument('<position>', 'of the event', wholeNumber)
    .option('--revision <n>', 'of the event, as you saw it; with an editor it is known', wholeNumber)
    .addOption(new Option('--data <json>', 'the whole event; without it your editor opens').conflicts('file'))
    .option('--file <file>', 'the file with the whole event; - is stdin')
    .action(
      run(async (session, consumer: string, stream: string, position: number, options: Options) => {
        const shop = await session.shop();
        const seen = { consumer, stream, source: options.source, position };
        const event = (await readStream(shop, seen))?.events.find((one) => one.position === position);
        const edited = given(options) ?? (await written(event, options));
        await saveText(session, shop, seen, edited, options.why).catch((error: unknown) => {
          if (edited.kept) session.say(`Your text is kept in ${edited.kept}`);
          throw error;
        });
        if (edited.kept) discardText(edited.kept);
        return awaitStream(session, shop, seen, options);
      }),
    );
}

async function saveText(session: Session, shop: Api, seen: SeenEvent, { text, revision }: NewText, why: string) {
  const data = parsed(text);
  const { consumer, position } = seen;
  await session.confirm(`Event ${position} will have this text for ${consumer}, and be tried. Edit it?`);
  const order = { ...seen, revision, data, who: session.who, why };
  const answer = await shop.post<{ revision: number }>('/admin/parked/edit', order);
  await session.answer(
    answer,
    (now) => `Event ${position} of ${oneLine(seen.stream)} is edited for ${consumer}: it has revision ${now.revision}.`,
  );
}

function given({ data, file, revision }: Options): NewText | undefined {
  const text = data ?? (file === undefined ? undefined : read(file));
  if (text === undefined) return undefined;
  if (revision === undefined) {
    throw wrongUsage('Say by --revision which text you saw: npx magasin parked show tells it.');
  }
  return { text, revision };
}

async function written(event: ParkedEvent | undefined, { revision }: Options): Promise<NewText> {
  if (!canAsk()) throw wrongUsage('Give the new text by --data or --file: there is no terminal for an editor.');
  if (!event) throw notDone('No such event waits among the first of that stream: npx magasin parked show tells which.');
  const { editor } = await import('./defaults.js');
  const edited = editText(pretty(event.payload), editor());
  if (!edited) throw notDone('The text is as it was.');
  return { text: edited.text, revision: revision ?? event.revision, kept: edited.file };
}

function read(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (error) {
    throw wrongUsage(`The file can not be read: ${(error as Error).message}`);
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw wrongUsage(`The new text is no JSON: ${(error as Error).message}.`);
  }
}

function pretty(payload: string): string {
  try {
    return `${JSON.stringify(JSON.parse(payload), null, 2)}\n`;
  } catch {
    return payload;
  }
}
