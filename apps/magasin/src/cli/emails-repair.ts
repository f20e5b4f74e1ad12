import type { Command } from 'commander';
import type { DoubtGroup } from './answers';
import { type ExitCode, wrongUsage } from './failures';
import { run, wholeNumber, withWhy } from './run';
import type { Session } from './session';

interface Why {
  why: string;
}

interface SendAgainOptions extends Why {
  all?: boolean;
  state?: string;
  error?: string;
}

interface Repaired {
  /** Of the copy, where one was made. */
  email_id?: number;
}

/** What people do about e-mails that did not go, or that are wanted once more. */
export function addEmailsRepair(emails: Command): void {
  withWhy(emails.command('send-again'))
    .description('send what is failed or unknown again, as the same e-mail; asks before')
    .argument('[id]', 'of the e-mail', wholeNumber)
    .option('--all', 'all of a --state that are there by now')
    .option('--state <state>', 'with --all: failed or unknown')
    .option('--error <error>', 'with --all: only those with exactly this error')
    .action(
      run(async (session, id: number | undefined, { all, ...options }: SendAgainOptions) => {
        if ((id === undefined) !== (all === true)) throw wrongUsage('Say which: the id of one e-mail, or --all.');
        if (id === undefined) return sendGroupAgain(session, options);
        await session.confirm(`If e-mail ${id} is unknown, its reader may get it a second time. Send it again?`);
        return repair(session, id, 'send-again', options, () => `E-mail ${id} is queued.`);
      }),
    );

  withWhy(emails.command('mark-sent'))
    .description('say that an e-mail has arrived, as you know: it is not sent; asks before')
    .argument('<id>', 'of the e-mail', wholeNumber)
    .action(
      run(async (session, id: number, options: Why) => {
        await session.confirm(`E-mail ${id} will not be sent any more. Mark it as sent?`);
        return repair(session, id, 'mark-sent', options, () => `E-mail ${id} is marked as sent.`);
      }),
    );

  withWhy(emails.command('resend'))
    .description('send an e-mail once more, as another one that is linked to it; asks before')
    .argument('<id>', 'of the e-mail', wholeNumber)
    .action(
      run(async (session, id: number, options: Why) => {
        await session.confirm(`The reader of e-mail ${id} will get it once more. Send a copy?`);
        return repair(session, id, 'resend', options, ({ email_id }) => {
          return `E-mail ${email_id} is queued, a copy of e-mail ${id}.`;
        });
      }),
    );
}

async function repair(
  session: Session,
  id: number,
  action: string,
  { why }: Why,
  tell: (body: Repaired) => string,
): Promise<void> {
  const coolriel = await session.coolriel();
  await session.answer(await coolriel.post<Repaired>(`/admin/emails/${id}/${action}`, { who: session.who, why }), tell);
}

/** What comes to that state after it was looked at is not meant. */
async function sendGroupAgain(session: Session, { state, error, why }: SendAgainOptions): Promise<ExitCode | void> {
  if (!state) throw wrongUsage('Say which of them by --state: failed or unknown.');
  const coolriel = await session.coolriel();
  const { body } = await coolriel.get<{ items: DoubtGroup[] }>('/admin/emails', { state });
  const groups = body.items.filter((group) => error === undefined || group.error === error);
  const count = groups.reduce((sum, group) => sum + group.count, 0);
  const until = Math.max(1, ...groups.map(({ last_id }) => last_id));
  const twice = state === 'unknown' ? ' Some readers may get theirs a second time.' : '';
  if (count > 0) await session.confirm(`${count} e-mails are ${state}, the last is ${until}.${twice} Send them again?`);
  const order = { state, until, error, who: session.who, why };
  const answer = await coolriel.post<{ queued: number }>('/admin/emails/send-again', order);
  await session.answer(answer, ({ queued }) => `${queued} e-mails are queued.`);
}
