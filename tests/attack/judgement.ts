import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type BookEvent, faultsOfTheBooks, type Order } from '../books';
import { readAll } from '../shop-process';
import type { Cluster } from './cluster';
import type { Acknowledged } from './customers';
import { endsOf, faultsOfTheTopics, type Partitions, readTopics } from './topics';

/** What does not agree, one line each. Empty when what was promised was kept. */
export interface Judgement {
  events: number;
  /** On no topic, or not taken by a consumer, or not told by an e-mail. */
  lost: string[];
  /** With more than one effect, or twice on the topics as two different events. */
  doubled: string[];
  reordered: string[];
  /** Acknowledged, and not there. */
  missing: string[];
  /** Messages that the topics have again, as is allowed. */
  again: number;
}

const CONSUMERS = ['best-sellers', 'coolriel', 'highest-spenders', 'orders', 'payments', 'stock-overview'];

/**
 * Waits until nothing moves any more, then compares everything with everything.
 * @throws Error that says what is left when nothing has moved for so many milliseconds
 */
export async function judge(cluster: Cluster, acknowledged: Acknowledged, stillMs: number): Promise<Judgement> {
  const settled = async <T>(check: () => Promise<{ left: string[]; value: T }>): Promise<T> => {
    for (let seen = '', movedAt = Date.now(); ; await delay(1_000)) {
      const { left, value } = await check().catch((error: Error) => ({
        left: [error.message],
        value: undefined as T,
      }));
      if (left.length === 0) return value;
      const now = left.join('\n');
      if (now !== seen) movedAt = Date.now();
      seen = now;
      if (Date.now() - movedAt > stillMs) {
        throw new Error(`Nothing has moved for ${stillMs / 1_000} s, and left are:\n${left.slice(0, 40).join('\n')}`);
      }
    }
  };
  await settled(() => whatMovesInTheDatabase(cluster));
  const events = await readAll<BookEvent>(`${cluster.places.store}/events`);
  const partitions = await settled(async () => {
    const value = await readTopics(cluster.kafka.address, cluster.prefix);
    return { left: await whatConsumersHaveNot(cluster, value), value };
  });
  const readAt = Date.now();
  const books = await settled(async () => {
    const value = await faultsOfTheBooks(cluster.places);
    // What is wrong for good is told below; what is only late is waited for, a while.
    return { left: Date.now() - readAt > stillMs / 3 ? [] : value, value };
  });
  const topics = faultsOfTheTopics(partitions, events);
  const trail = await faultsOfTheTrail(cluster);
  const files = await faultsOfTheFiles(cluster);
  return {
    events: events.length,
    lost: [...topics.lost, ...books.filter(isMissing), ...files],
    doubled: [...topics.doubled, ...books.filter((fault) => !isMissing(fault)), ...trail],
    reordered: topics.reordered,
    missing: await missingOf(cluster, acknowledged, events),
    again: topics.again,
  };
}

const isMissing = (fault: string): boolean => fault.startsWith('missing: ') || fault.endsWith('was never confirmed');

async function whatMovesInTheDatabase(cluster: Cluster): Promise<{ left: string[]; value: void }> {
  const [counts] = await cluster.query<Record<string, number>>(
    `SELECT (SELECT COUNT(*) FROM event_log WHERE position = 0) AS \`events without a position\`,
      (SELECT COUNT(*) FROM email WHERE state <> 'sent') AS \`e-mails not sent\`,
      (SELECT COUNT(*) FROM parked_stream) AS \`parked streams\`,
      (SELECT COUNT(*) FROM orders WHERE payment_link IS NULL) AS \`orders without a link\``,
  );
  const left = Object.entries(counts).flatMap(([what, count]) => (count > 0 ? [`${count} ${what}`] : []));
  const parked = await cluster.query<{ consumer: string; stream: string; error: string }>(
    'SELECT consumer, stream, error FROM parked_stream LIMIT 10',
  );
  left.push(...parked.map(({ consumer, stream, error }) => `${consumer} has parked ${stream}: ${error}`));
  const [{ head, marks }] = await cluster.query<{ head: number; marks: string }>(
    'SELECT (SELECT MAX(position) FROM event_log) AS head, marks FROM event_relay',
  );
  for (const [topic, { position }] of Object.entries(JSON.parse(marks) as Record<string, { position: number }>)) {
    if (position < head) left.push(`${topic} is published up to ${position} of ${head}`);
  }
  return { left, value: undefined };
}

interface Lane {
  consumer: string;
  topic: string;
  partition: number;
  position: number;
}

/** A consumer has come as far as each partition that it follows. */
async function whatConsumersHaveNot(cluster: Cluster, partitions: Partitions): Promise<string[]> {
  const lanes = await cluster.query<Lane>(
    `SELECT consumer, topic, \`partition\`, position FROM consumer_progress WHERE topic <> ''`,
  );
  const ends = endsOf(partitions);
  const names = new Set(lanes.map(({ consumer }) => consumer));
  return [
    ...CONSUMERS.filter((name) => !names.has(name)).map((name) => `${name} follows no topic`),
    ...lanes.flatMap(({ consumer, topic, partition, position }) => {
      const end = ends.get(`${topic}/${partition}`)!;
      // It begins at its place in the log, which may lie behind an end.
      return position < end ? [`${consumer} has ${topic}/${partition} up to ${position} of ${end}`] : [];
    }),
  ];
}

interface Turn extends Lane {
  from_position: number;
  to_position: number;
}

/** The batches of a lane never overlap: no event was taken twice. */
async function faultsOfTheTrail(cluster: Cluster): Promise<string[]> {
  const turns = await cluster.query<Turn>(
    `SELECT consumer, source, topic, \`partition\`, from_position, to_position FROM consumer_trail WHERE retried = 0
     ORDER BY consumer, source, topic, \`partition\`, to_position`,
  );
  return turns.flatMap((turn, index) => {
    const before = turns[index - 1];
    const same =
      before?.consumer === turn.consumer && before.topic === turn.topic && before.partition === turn.partition;
    return same && turn.from_position <= before.to_position
      ? [`${turn.consumer} has taken ${turn.from_position} of ${turn.topic}/${turn.partition} twice`]
      : [];
  });
}

/** Each e-mail that was sent is there as two files, whole, and there are no others. */
async function faultsOfTheFiles(cluster: Cluster): Promise<string[]> {
  const folder = join(cluster.folder, 'output');
  const emails = await cluster.query<{ file: string }>('SELECT file FROM email');
  const expected = new Set(emails.flatMap(({ file }) => [`${file}.html`, `${file}.eml`]));
  const found = readdirSync(folder);
  const there = new Set(found);
  return [
    ...[...expected].filter((file) => !there.has(file)).map((file) => `the mailbox has no ${file}`),
    ...found.flatMap((file) => {
      if (!expected.has(file)) return [`nobody knows of ${file} in the mailbox`];
      const text = readFileSync(join(folder, file), 'utf8').trimEnd();
      return file.endsWith('.html')
        ? text.endsWith('</html>')
          ? []
          : [`${file} is not whole`]
        : text
          ? []
          : [`${file} is empty`];
    }),
  ];
}

async function missingOf(
  { places }: Cluster,
  { users, deletedUsers, orders, cancelled, paid }: Acknowledged,
  events: BookEvent[],
): Promise<string[]> {
  const there = new Map(
    (await readAll<{ id: number; name: string; email: string }>(`${places.store}/users`)).map((user) => [
      user.id,
      user,
    ]),
  );
  const kept = new Set((await readAll<Order>(`${places.store}/orders`)).map(({ id }) => id));
  const stories = Map.groupBy(events, ({ stream }) => stream);
  const tells = (stream: string, ...types: string[]): boolean =>
    (stories.get(stream) ?? []).some(({ type }) => types.includes(type));
  const made = (type: string): number => events.filter((event) => event.type === type).length;
  return [
    ...[...users].flatMap(([id, { name, email }]) => {
      if (deletedUsers.has(id)) return there.has(id) ? [`user ${id} was deleted, and is there`] : [];
      const user = there.get(id);
      return user?.name === name && user.email === email ? [] : [`user ${id}, ${name}: ${JSON.stringify(user)}`];
    }),
    // Who leaves has his open orders cancelled.
    ...[...orders]
      .filter(([id, user]) => !kept.has(id) && !cancelled.has(id) && !deletedUsers.has(user))
      .map(([id]) => `order ${id}`),
    ...[...cancelled].filter((id) => kept.has(id)).map((id) => `order ${id} was cancelled, and is there`),
    ...[...paid]
      .filter((id) => !tells(`order-${id}`, 'OrderPaid', 'PaymentRejected'))
      .map((id) => `the payment of order ${id}`),
    // Everybody was answered, and each key is one order: there is not one more.
    ...(made('OrderCreated') === orders.size
      ? []
      : [`${made('OrderCreated')} orders were made, ${orders.size} answered`]),
    ...(made('UserCreated') === users.size ? [] : [`${made('UserCreated')} users were made, ${users.size} answered`]),
  ];
}
