import type { Command } from 'commander';
import type { DoubtGroup, Email, EmailStory } from './answers';
import { type ListOptions, mostOf, printPages, printTable, withLimit } from './list';
import { run, wholeNumber } from './run';
import { oneLine } from './terminal/text';
import { relative, when } from './terminal/when';

interface ListedEmails extends ListOptions {
  state?: string;
  event?: string;
}

export function addEmails(program: Command): Command {
  const emails = withLimit(program.command('emails'), 50)
    .description('the e-mails, the newest first')
    .option('--state <state>', 'queued, connecting, sending, sent, failed or unknown')
    .option('--event <uuid>', 'those that come from this event')
    .action(
      run(async (session, { state, event, ...options }: ListedEmails) => {
        const pages = (await session.coolriel()).pages<Email>('/emails', { state, event }, mostOf(options));
        await printPages(session, pages, EMAILS, 'There is no such e-mail.');
      }),
    );

  emails
    .command('doubts')
    .description('what is failed or unknown and waits for you, grouped by its cause')
    .option('--state <state>', 'failed or unknown')
    .action(
      run(async (session, { state }: ListedEmails) => {
        const coolriel = await session.coolriel();
        const { body, text } = await coolriel.get<{ items: DoubtGroup[] }>('/admin/emails', { state });
        if (session.json) return session.print(text);
        await printTable(session, body.items, DOUBTS, 'No e-mail waits for you.');
      }),
    );

  emails
    .command('show')
    .description('how it stands with an e-mail, and every attempt to send it')
    .argument('<id>', 'of the e-mail', wholeNumber)
    .action(
      run(async (session, id: number) => {
        await session.answer(await (await session.coolriel()).get<EmailStory>(`/emails/${id}/attempts`), tell);
      }),
    );
  return emails;
}

function tell(email: EmailStory): string {
  const { id, template, recipient, subject, state, error, event_id, created_at, sent_at } = email;
  return [
    `E-mail ${id} is ${state}.`,
    `  to        ${oneLine(recipient)}`,
    `  subject   ${oneLine(subject)}`,
    `  template  ${template}`,
    `  event     ${event_id}`,
    `  id        ${oneLine(email.message_id)}`,
    `  queued    ${when(created_at)}`,
    ...(sent_at === null ? [] : [`  sent      ${when(sent_at)}`]),
    ...(email.line_due_at === null ? [] : [`  next try  ${relative(email.line_due_at)}`]),
    ...(email.resend_of === null ? [] : [`  copy of   e-mail ${email.resend_of}`]),
    ...(error === null ? [] : [`  error     ${oneLine(error)}`]),
    ...email.attempts.map(
      ({ ended_at, reached, outcome, error: why }) =>
        `  attempt   ${when(ended_at)}: ${outcome} at ${reached}${why === null ? '' : `, ${oneLine(why)}`}`,
    ),
    ...email.repairs.map(
      ({ at, who, why, action }) => `  repair    ${when(at)}: ${oneLine(`${action} by ${who}, "${why}"`)}`,
    ),
  ].join('\n');
}

const EMAILS = [
  { title: 'id', value: (row: Email) => row.id },
  { title: 'state', value: (row: Email) => row.state },
  { title: 'queued', value: (row: Email) => relative(row.created_at) },
  { title: 'sent', value: (row: Email) => row.sent_at && relative(row.sent_at) },
  { title: 'failures', value: (row: Email) => row.failures },
  { title: 'template', value: (row: Email) => row.template },
  { title: 'recipient', value: (row: Email) => row.recipient, elastic: true },
  { title: 'error', value: (row: Email) => row.error, elastic: true },
];

const DOUBTS = [
  { title: 'state', value: (row: DoubtGroup) => row.state },
  { title: 'e-mails', value: (row: DoubtGroup) => row.count },
  { title: 'first id', value: (row: DoubtGroup) => row.first_id },
  { title: 'last id', value: (row: DoubtGroup) => row.last_id },
  { title: 'error', value: (row: DoubtGroup) => row.error, elastic: true },
];
