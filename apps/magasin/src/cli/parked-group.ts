import type { Command } from 'commander';
import type { Api } from './api';
import type { Group } from './answers';
import { EXIT, type ExitCode, inPart } from './failures';
import { parkedAgain, stillToTry, type TriedGroup, triedStreams } from './group-outcome';
import { run, withWhy } from './run';
import type { Session } from './session';
import { within, type WaitOption, withWait } from './wait';

interface Step {
  until: number;
  retried: number;
  more: boolean;
}

/** What a program is told at the end. */
interface Outcome {
  until: number;
  retried: number;
  free?: number;
  parked_again?: number;
  still_to_try?: number;
}

type Key = Pick<Group, 'consumer' | 'error_key'>;

export function addParkedGroup(parked: Command): void {
  withWait(withWhy(parked.command('retry-group')))
    .description('try all streams of a group again that have failed by now, step by step')
    .argument('<consumer>')
    .argument('<error_key>', 'from `parked`')
    .action(
      run(async (session, consumer: string, error_key: string, { why, wait }: WaitOption & { why: string }) => {
        const shop = await session.shop();
        const key = { consumer, error_key };
        const outcome = await retryAll(session, shop, key, why);
        if (wait !== false && outcome.retried > 0) {
          await follow(session, shop, { ...key, ...outcome }, outcome, wait).catch(inPart);
        }
        await session.print(session.json ? JSON.stringify(outcome) : tell(key, outcome));
        return codeOf(outcome);
      }),
    );
}

/** The first answer fixes what is meant: what fails while it goes on, or fails again, is not tried in the same go. */
async function retryAll(session: Session, shop: Api, key: Key, why: string): Promise<Outcome> {
  const { body: groups } = await shop.get<Group[]>('/admin/parked', { consumer: key.consumer });
  const about = groups.find(({ error_key }) => error_key === key.error_key)?.streams ?? 0;
  const progress = session.progress();
  let until: number | undefined;
  let retried = 0;
  try {
    for (let more = true; more;) {
      const { body } = await shop.post<Step>('/admin/parked/retry-group', { ...key, until, who: session.who, why });
      ({ until, more } = body);
      retried += body.retried;
      progress.bar(retried, about, `${retried} of about ${about} streams are due`);
    }
  } catch (error) {
    progress.end();
    if (retried === 0) throw error;
    session.say(`${retried} streams will be tried, and then this came. Call it again for the others.`);
    inPart(error);
  }
  progress.end();
  return { until: until!, retried };
}

async function follow(session: Session, shop: Api, group: TriedGroup, outcome: Outcome, wait: number): Promise<void> {
  const tried = await triedStreams(shop, group);
  const progress = session.progress();
  let left = tried.size;
  await within(wait, async () => {
    left = await stillToTry(shop, group, tried);
    progress.bar(tried.size - left, tried.size, `${tried.size - left} of ${tried.size} streams are tried`);
    return left === 0;
  });
  progress.end();
  const again = await parkedAgain(shop, group, tried);
  outcome.still_to_try = left;
  outcome.parked_again = again;
  outcome.free = Math.max(0, outcome.retried - again - left);
}

function tell({ consumer, error_key }: Key, { retried, free, parked_again = 0, still_to_try = 0 }: Outcome): string {
  if (retried === 0) return `No stream of ${consumer} with ${error_key} waits: nothing was tried.`;
  const streams = retried === 1 ? 'One stream' : `${retried} streams`;
  if (free === undefined) return `${streams} of ${consumer} with ${error_key} will be tried now.`;
  const counts = [
    `${free} free`,
    ...(parked_again > 0 ? [`${parked_again} parked again`] : []),
    ...(still_to_try > 0 ? [`${still_to_try} still to be tried`] : []),
  ];
  return `${streams} of ${consumer} with ${error_key} tried again: ${counts.join(', ')}.`;
}

const codeOf = ({ parked_again = 0, still_to_try = 0 }: Outcome): ExitCode =>
  parked_again + still_to_try > 0 ? EXIT.part : EXIT.done;
