import type { Command } from 'commander';
import type { Page } from './api';
import type { Email, EmailStory, EventWithWay, Step } from './answers';
import { run } from './run';
import type { Session } from './session';
import { errorsInWords, lines, oneLine } from './terminal/text';
import { relative } from './terminal/when';

/** One line of the story of an event. */
interface Moment {
  at?: string;
  text: string;
}

export function addEvent(program: Command): void {
  program
    .command('event')
    .description('an event, and the way it took')
    .argument('<id>', 'its position in the log, or its UUID')
    .action(
      run(async (session, id: string) => {
        const answer = await (await session.shop()).get<EventWithWay>(`/events/${encodeURIComponent(id)}`);
        const emails = session.json ? [] : await emailsOf(session, answer.body.id);
        await session.answer(answer, (event) => tell(event, emails));
      }),
    );
}

/** They belong to the story, but another app tells of them: without it the rest is told all the same. */
async function emailsOf(session: Session, event: string): Promise<EmailStory[]> {
  const { url, coolrielUrl } = session.options;
  if (url && !coolrielUrl) {
    session.say('What became of its e-mails is not told: --coolriel-url says where they are.');
    return [];
  }
  const coolriel = await session.coolriel();
  try {
    const { items } = (await coolriel.get<Page<Email>>('/emails', { event, limit: 100 })).body;
    const stories = items.toReversed().map(({ id }) => coolriel.get<EmailStory>(`/emails/${id}/attempts`));
    return (await Promise.all(stories)).map(({ body }) => body);
  } catch (error) {
    session.say(`What became of its e-mails is not told: ${(error as Error).message}`);
    return [];
  }
}

function tell(event: EventWithWay, emails: EmailStory[]): string {
  const { position, id, type, stream, version, recorded_at, data, source, way } = event;
  const recorded = { at: recorded_at, text: 'recorded' };
  const story = [recorded, ...way.flatMap(momentsOf), ...emails.flatMap(momentsOfEmail)];
  const dated = story.filter(({ at }) => at !== undefined).toSorted((a, b) => Date.parse(a.at!) - Date.parse(b.at!));
  const now = story.filter(({ at }) => at === undefined);
  return [
    `Event ${position}: ${oneLine(type)}, version ${version} of ${oneLine(stream)}, ${relative(recorded_at)}`,
    `  id    ${id}`,
    `  log   ${source}`,
    `  data  ${lines(typeof data === 'string' ? data : JSON.stringify(data, null, 2)).join('\n        ')}`,
    '',
    ...dated.map(({ at, text }) => `${at}  ${oneLine(text)}`),
    ...now.map(({ text }) => `${'now'.padEnd(recorded_at.length)}  ${oneLine(text)}`),
  ].join('\n');
}

function momentsOf({ consumer, state, committed_at, latency_ms, attempts, repairs }: Step): Moment[] {
  const errors = errorsInWords(attempts.map(({ error }) => error));
  const past = [
    ...attempts.map(({ at }, index) => ({ at, text: `${consumer}: failed, ${errors[index]}` })),
    ...repairs.map(({ at, who, why, action }) => ({ at, text: `${consumer}: ${action} by ${who}, "${why}"` })),
  ];
  const end: Record<Step['state'], Moment> = {
    handled: { at: committed_at, text: `${consumer}: handled, ${latency_ms} ms after it was recorded` },
    skipped: { at: committed_at, text: `${consumer}: passed over, it has no handler for this type` },
    parked: { text: `${consumer}: parked, see npx magasin parked` },
    waiting: { text: `${consumer}: has not come so far` },
  };
  // The repair itself tells that a person has skipped it.
  return state === 'skipped' && repairs.length > 0 ? past : [...past, end[state]];
}

function momentsOfEmail({ id, template, recipient, state, sent_at, ...email }: EmailStory): Moment[] {
  const name = `e-mail ${id} (${template} to ${recipient})`;
  const copy = email.resend_of === null ? '' : `, a copy of e-mail ${email.resend_of}`;
  const past = [
    { at: email.created_at, text: `${name}: queued${copy}` },
    ...email.attempts
      .filter(({ outcome }) => outcome !== 'sent')
      .map(({ ended_at, outcome, error }) => ({ at: ended_at, text: `${name}: ${outcome}, ${error ?? ''}` })),
    ...email.repairs.map(({ at, who, why, action }) => ({ at, text: `${name}: ${action} by ${who}, "${why}"` })),
  ];
  // Whom a person has marked was not sent by us: his repair tells it.
  const marked = email.repairs.at(-1)?.action === 'mark-email-sent';
  if (sent_at !== null) return marked ? past : [...past, { at: sent_at, text: `${name}: sent` }];
  return [...past, { text: `${name}: ${state}` }];
}
