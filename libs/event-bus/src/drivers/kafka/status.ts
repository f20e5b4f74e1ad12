import type { EventLog } from '@magasin/event-log';
import type { Arrival, Consumer, ConsumerStatus } from '../../event-bus';
import { parkedBy } from '../../parked';
import { ConsumerProgress, HANDED_OVER } from '../../progress';
import type { Waiting } from './partitions';

type Place = Pick<ConsumerStatus, 'position' | 'head' | 'lag_seconds' | 'parked_streams' | 'parked_events'>;
type First = Pick<Arrival, 'position' | 'occurredAt'>;

/**
 * How far a consumer of topics has come in the log, as one number: to just before the first event that it has not taken.
 * @param waiting the batches in hand
 */
export async function kafkaStatus(log: EventLog, consumer: Consumer, waiting: Waiting[]): Promise<Place> {
  const stuck = waiting.map(({ arrival }) => arrival).filter((arrival) => arrival !== undefined);
  const { identity, history, reading } = log;
  const { name } = consumer;
  const [ownHead, progress, parked] = await Promise.all([
    history.head(),
    reading.manager.findBy(ConsumerProgress, { consumer: name }),
    parkedBy(reading.manager, name),
  ]);
  const logs = progress.filter(({ source }) => !source.startsWith('foreign:'));
  // A consumer with a database of its own, whose log is not the one that it follows.
  const source = logs.find((lane) => lane.source !== identity && ownHead === 0)?.source ?? identity;
  const lanes = logs.filter((lane) => lane.source === source);
  const notInLog = lanes.filter(({ position }) => position !== HANDED_OVER);
  const reached = Math.max(0, ...notInLog.map(({ position }) => position));
  const first = firstOf([
    ...stuck.filter((arrival) => arrival.source === source),
    ...(source === identity ? await notYetOnTopics(log, consumer, reached, lanes) : []),
  ]);
  const oldest = Math.min(...[...stuck, ...(first ? [first] : [])].map(({ occurredAt }) => occurredAt));
  const head = source === identity ? ownHead : Math.max(reached, ...stuck.map(({ position }) => position));
  return {
    position: first ? Math.min(head, first.position - 1) : head,
    head,
    lag_seconds: oldest === Infinity ? 0 : Math.max(0, (Date.now() - oldest) / 1_000),
    ...parked,
  };
}

/** The first event of its types that has come by no topic yet, looked for in a bounded part of the log. */
async function notYetOnTopics(
  { history }: EventLog,
  { handlers }: Consumer,
  after: number,
  lanes: ConsumerProgress[],
): Promise<First[]> {
  if (!lanes.some(({ position }) => position === HANDED_OVER)) return history.after(after, 1);
  const types = handlers.map(({ event }) => event.name);
  return types.length === 0 ? [] : (await history.page({ types, after, limit: 1 })).events;
}

const firstOf = (events: First[]): First | undefined => events.toSorted((a, b) => a.position - b.position)[0];
