import type { Command } from 'commander';
import { run, wholeNumber, withWhy } from './run';
import { withSource } from './parked';
import { tellStream } from './parked-stream';
import { oneLine } from './terminal/text';
import { awaitStream, readStream, type StreamKey, type WaitOption, withWait } from './wait';

type Options = WaitOption & { source?: string; why: string };

/** What people do about one parked stream. */
export function addParkedRepair(parked: Command): void {
  withWait(withWhy(withSource(parked.command('retry'))))
    .description('try a stream again now')
    .argument('<consumer>')
    .argument('<stream>')
    .action(
      run(async (session, consumer: string, stream: string, { source, why, wait }: Options) => {
        const key: StreamKey = { consumer, stream, source };
        const shop = await session.shop();
        const answer = await shop.post('/admin/parked/retry', { ...key, who: session.who, why });
        await session.answer(answer, () => `${oneLine(stream)} is tried again for ${consumer}.`);
        return awaitStream(session, shop, key, { wait });
      }),
    );

  withWait(withWhy(withSource(parked.command('skip'))))
    .description('take the first event out of a stream, without its effect; asks before')
    .argument('<consumer>')
    .argument('<stream>')
    .argument('<position>', 'of the event, as you saw it', wholeNumber)
    .action(
      run(async (session, consumer: string, stream: string, position: number, { source, why, wait }: Options) => {
        const key: StreamKey = { consumer, stream, source };
        const shop = await session.shop();
        const before = await readStream(shop, key);
        await session.confirm(
          `Event ${position} will never have its effect for ${consumer}. Skip it?`,
          before && tellStream(before),
        );
        const answer = await shop.post('/admin/parked/skip', { ...key, position, who: session.who, why });
        await session.answer(answer, () => `Event ${position} of ${oneLine(stream)} is skipped for ${consumer}.`);
        return awaitStream(session, shop, key, { wait });
      }),
    );
}
