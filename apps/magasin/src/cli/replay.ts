import { type Command, Option } from 'commander';
import type { Answer, Api } from './api';
import type { Rehearsal } from './answers';
import { type ExitCode, inPart, wrongUsage } from './failures';
import { follow } from './follow';
import { tellRehearsal } from './rehearsal';
import { run, wholeNumber, withWhy } from './run';
import type { Session } from './session';

interface ReplayOptions {
  consumer: string;
  from: number;
  to: number;
  types?: string[];
  dryRun?: boolean;
  token?: string;
  why?: string;
  wait: boolean;
}

export function addReplay(program: Command): void {
  program
    .command('replay')
    .description('take a part of the log into a consumer again: only what is missing is made; asks before')
    .requiredOption('--consumer <consumer>', 'for this consumer')
    .requiredOption('--from <position>', 'the first position', wholeNumber)
    .requiredOption('--to <position>', 'the last position', wholeNumber)
    .option('--types <types>', 'of these types only, as UserCreated,UserDeleted', (text) => text.split(','))
    .addOption(new Option('--dry-run', 'tell what would be made for whom, and make nothing').conflicts('token'))
    .option('--token <token>', 'from the dry run: what it has shown is what is done')
    .option('--why <reason>', 'why you do it, for the audit')
    .option('--no-wait', 'do not follow it to its end')
    .action(
      run(async (session, { consumer, from, to, types, dryRun, token, why, wait }: ReplayOptions) => {
        const range = { consumer, from, to, types };
        const shop = await session.shop();
        if (dryRun) {
          const rehearsal = await shop.post<Rehearsal>('/admin/replays/dry-run', range);
          return session.answer(rehearsal, (body) => tellRehearsal(body, session.options));
        }
        if (!token) throw wrongUsage('Look first: --dry-run tells what would be made, and the --token to make it.');
        if (!why) throw wrongUsage('Say --why: it goes into the audit.');
        await session.confirm(`What the dry run has shown will be made for ${consumer}. Replay ${from} to ${to}?`);
        return begin(
          session,
          shop,
          await shop.post('/admin/replays', { ...range, token, who: session.who, why }),
          wait,
        );
      }),
    );

  withWhy(program.command('rebuild'))
    .description('build a consumer anew from the whole log, beside the live one, and swap it in')
    .argument('<consumer>')
    .option('--no-wait', 'do not follow it to its end')
    .action(
      run(async (session, consumer: string, { why, wait }: { why: string; wait: boolean }) => {
        const shop = await session.shop();
        return begin(session, shop, await shop.post('/admin/rebuilds', { consumer, who: session.who, why }), wait);
      }),
    );
}

async function begin(
  session: Session,
  shop: Api,
  answer: Answer<{ instance: string }>,
  wait: boolean,
): Promise<ExitCode | void> {
  const { instance } = answer.body;
  if (!wait) return session.answer(answer, () => `${instance} has begun. How far it is: npx magasin instances`);
  session.say(`${instance} has begun, and goes on in the shop when you end this by Ctrl+C.`);
  return follow(session, shop, instance).catch(inPart);
}
