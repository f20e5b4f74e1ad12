import { setImmediate as nextTurn } from 'node:timers/promises';
import { UserCreated } from '@magasin/contracts';
import type { Delivery } from '@magasin/event-bus';
import { files, onBothDatabases } from '@magasin/event-bus/testing';
import { EventLog } from '@magasin/event-log';
import { compose } from './compose';
import { Email } from './email';
import { EmailAttempt } from './email-attempt';
import { EmailQueue } from './email-queue';
import { missingEmails } from './missing-emails';
import { SENT } from './outcome';
import { emailsTables } from './tables';
import { welcome } from './welcome/welcome.email';

const user = (id: number, email: string): UserCreated =>
  Object.assign(UserCreated.of({ id, name: 'Ada', email, user_type_id: 1 }), {
    datetime: '2026-11-23 16:00:41.491000',
  });

const delivery = (position: number): Delivery => ({
  position,
  id: `01a20b55-3f91-7d02-adc7-${String(position).padStart(12, '0')}`,
  type: 'UserCreated',
  stream: `user-${position}`,
  version: 1,
  payload: '{}',
  metadata: '{"correlation_id":"desk-17"}',
  occurredAt: 1_795_469_000_000,
  source: 'a-log',
  consumer: 'coolriel',
});

const CLAIM = { limit: 10, mine: new Set<string>(), harmless: false };

onBothDatabases('The queue of e-mails', (databases) => {
  let url: string;
  let statements: string[];
  let log: EventLog;
  let queue: EmailQueue;
  const open = (): Promise<EventLog> =>
    EventLog.open({
      url,
      ...emailsTables,
      onStatement: (sql) => statements.push(sql),
    });
  beforeEach(async () => {
    url = databases.create();
    statements = [];
    log = await open();
    queue = new EmailQueue(log);
  });
  afterEach(async () => {
    await log.close();
    await databases.remove(url);
  });

  let position = 0;
  const add = (email: string, at = ++position): Promise<number | undefined> =>
    log.transaction((tx) => queue.add(tx, compose(welcome, user(at, email), delivery(at))!));
  const stateOf = async (id: number): Promise<string> =>
    (await log.reading.manager.findOneByOrFail(Email, { id })).state;
  /** As if the sender had not been heard of for the time of a lease. */
  const expire = (): Promise<unknown> => log.transaction((tx) => tx.rows.query('UPDATE recipient_line SET due_at = 0'));

  it('takes one e-mail of an event and a template, however often it comes', async () => {
    const first = await add('ada@example.com', 1);

    expect(await add('ada@example.com', 1)).toBeUndefined();

    expect(await log.reading.manager.find(Email, { select: { id: true } })).toEqual([{ id: first }]);
  });

  it('tells which e-mails an event would make that do not exist', async () => {
    const [event, which] = [user(1, 'ada@example.com'), delivery(1)];
    const missing = await missingEmails(log.reading.manager, event, which);
    await add('ada@example.com', 1);

    const { subject } = compose(welcome, event, which)!;
    expect(missing).toEqual([{ template: 'welcome', recipient: 'ada@example.com', subject }]);
    expect(await missingEmails(log.reading.manager, event, which)).toEqual([]);
  });

  it('gives out the first e-mail of each reader, whatever the case of his address, and the next when that is settled', async () => {
    const [first, other] = [await add('ada@example.com'), await add('bob@example.com')];
    const second = await add('ADA@example.com');

    const claimed = await queue.claim(CLAIM);
    expect(claimed.map(({ id, state }) => ({ id, state }))).toEqual([
      { id: first, state: 'connecting' },
      { id: other, state: 'connecting' },
    ]);
    expect(await queue.claim(CLAIM)).toEqual([]);
    await queue.settle(claimed[0], 'connecting', { state: 'failed', error: 'no such user' });

    expect((await queue.claim(CLAIM)).map(({ id }) => id)).toEqual([second]);
  });

  it('gives an e-mail to one of two processes', async () => {
    for (let reader = 0; reader < 40; reader++) await add(`reader.${reader}@example.com`);
    const neighbour = await open();
    const theirs = new EmailQueue(neighbour);

    const claims = [queue, theirs, queue, theirs].map((one) => one.claim({ ...CLAIM, limit: 30 }));
    const ids = (await Promise.all(claims)).flat().map(({ id }) => id);
    await neighbour.close();

    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(30);
  });

  it.each([
    ['connecting', false, 'queued'],
    ['sending', false, 'unknown'],
    ['sending', true, 'queued'],
  ])(
    'makes of an e-mail that a lost sender left %s, when twice is harmless: %s, one that is %s',
    async (left, harmless, becomes) => {
      const id = (await add('ada@example.com'))!;
      const [lost] = await queue.claim(CLAIM);
      if (left === 'sending') expect(await queue.begin(lost)).toBe(true);
      await expire();
      expect(await queue.claim({ ...CLAIM, mine: new Set([lost.attempt]), harmless })).toEqual([]);

      const again = await queue.claim({ ...CLAIM, harmless });

      expect(again.map((email) => email.id)).toEqual(becomes === 'queued' ? [id] : []);
      const [{ reached, outcome, error }] = await log.reading.manager.find(EmailAttempt);
      expect({ reached, outcome }).toEqual({ reached: left, outcome: becomes });
      expect(error).toMatch(/^The sender of this attempt ended/);
    },
  );

  it('believes a sender that was taken for lost only where nobody has decided since', async () => {
    const id = (await add('ada@example.com'))!;
    const [lost] = await queue.claim(CLAIM);
    await expire();
    const [again] = await queue.claim(CLAIM);

    expect(await queue.begin(lost)).toBe(false);
    expect(await queue.settle(lost, 'connecting', SENT)).toBe(false);
    await queue.begin(again);
    await expire();
    expect(await queue.claim(CLAIM)).toEqual([]);
    expect(await stateOf(id)).toBe('unknown');

    expect(await queue.settle(again, 'sending', SENT)).toBe(true);
    expect(await stateOf(id)).toBe('sent');
    expect(await queue.settle(again, 'sending', SENT)).toBe(false);
  });

  it('keeps what a sender holds as long as it tells that it lives', async () => {
    await add('ada@example.com');
    const [email] = await queue.claim(CLAIM);
    await expire();

    await queue.hold([email]);

    expect(await queue.claim(CLAIM)).toEqual([]);
  });

  it('gives each e-mail out once to senders that take at once, while others are added to the same lines', async () => {
    const readers = Array.from({ length: 8 }, (_, index) => `reader.${index}@example.com`);
    const taken: number[] = [];
    let adding = true;
    const neighbour = await open();
    const send = async (one: EmailQueue): Promise<void> => {
      for (;;) {
        const last = !adding;
        const emails = await one.claim({ ...CLAIM, limit: 3 });
        for (const email of emails) {
          taken.push(email.id);
          if (await one.begin(email)) await one.settle(email, 'sending', SENT);
        }
        if (last && emails.length === 0 && (await one.nextDue()) === undefined) return;
        await nextTurn();
      }
    };
    const sending = [queue, queue, queue, new EmailQueue(neighbour), new EmailQueue(neighbour)].map(send);

    const added: (number | undefined)[] = [];
    for (let round = 0; round < 10; round++) {
      // Units of several e-mails, whose readers they name in different orders.
      const units = Array.from({ length: 4 }, (_, unit) => {
        const emails = [0, 1, 2].map((step) => {
          const at = ++position;
          return compose(welcome, user(at, readers[(unit % 2 ? step : 7 - step) % 8]), delivery(at))!;
        });
        return log.transaction(async (tx) => {
          const ids: (number | undefined)[] = [];
          for (const email of emails) ids.push(await queue.add(tx, email));
          return ids;
        }, 'consumer');
      });
      added.push(...(await Promise.all(units)).flat());
    }
    adding = false;
    await Promise.all(sending);
    await neighbour.close();

    expect(taken.toSorted((a, b) => a - b)).toEqual(added.toSorted((a, b) => a! - b!));
    expect(await log.reading.manager.countBy(Email, { state: 'sent' })).toBe(120);
  });

  it('has two lines for two readers whose addresses differ in an accent', async () => {
    const ids = [await add('élise@example.com'), await add('Élise@example.com')];

    expect((await queue.claim(CLAIM)).map(({ id }) => id).toSorted()).toEqual(ids);
  });

  if (databases !== files) return;

  it('looks at no more rows than it takes, however many there are', async () => {
    await add('ada@example.com');
    statements = [];
    const [email] = await queue.claim(CLAIM);
    await queue.begin(email);
    await queue.hold([email]);
    await queue.settle(email, 'sending', SENT);
    await queue.nextDue();

    const tables = statements.filter((sql) => /\b(email|recipient_line)\b/.test(sql) && !sql.startsWith('INSERT'));
    expect(tables.length).toBeGreaterThan(8);
    for (const sql of new Set(tables)) {
      const plan = await log.reading.query<{ detail: string }[]>(`EXPLAIN QUERY PLAN ${sql}`);
      const scans = plan.filter(
        ({ detail }) => /^SCAN|TEMP B-TREE/.test(detail) && !/ix_recipient_line_due/.test(detail),
      );
      expect({ sql, scans }).toEqual({ sql, scans: [] });
    }
  });
});
